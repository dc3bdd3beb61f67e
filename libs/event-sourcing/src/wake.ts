import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so long (milliseconds), or until the signal comes. It keeps no process alive. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined); // the signal came
}

/** Word that there may be something to do, for who works in a loop. What comes while nobody waits ends the next wait at once. */
export class Wake {
  readonly #waiting = new Set<() => void>();
  #isDue = false;

  wake(): void {
    this.#isDue = true;
    for (const go of this.#waiting) go();
  }

  /** Until word comes, for so long at most (milliseconds), or until the signal comes. */
  async wait(atMost: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#isDue || signal.aborted) resolve();
    const timer = setTimeout(resolve, atMost).unref();
    const ended = () => resolve();
    this.#waiting.add(resolve);
    signal.addEventListener('abort', ended);
    await promise;
    signal.removeEventListener('abort', ended);
    clearTimeout(timer);
    this.#waiting.delete(resolve);
    this.#isDue = false;
  }
}
