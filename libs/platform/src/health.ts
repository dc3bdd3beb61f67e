import { Injectable } from '@nestjs/common';
import type { TrustedClock } from './clock.ts';

/** Something that must be well before requests should come here: resolves, or rejects with the reason. */
export type Check = () => Promise<void>;

@Injectable()
export class Health {
  readonly #checks = new Map<string, Check>();
  readonly #waiting = new Map<string, Check>();
  readonly #stop = new AbortController();
  /** Aborted when the process begins to end: whoever follows something lets go. */
  readonly stopping = this.#stop.signal;

  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  addClock(clock: TrustedClock): void {
    this.add('clock', async () => {
      const fault = clock.fault();
      if (fault !== undefined) throw new Error(fault);
    });
  }

  /** Something that others wait for, while requests are still answered: told, and no reason against being ready. */
  addWaiting(name: string, check: Check): void {
    this.#waiting.set(name, check);
  }

  /** From here on the process is not ready: it finishes what it has and ends. */
  stop(): void {
    this.#stop.abort();
  }

  /** @returns the reasons against being ready, by check */
  async faults(): Promise<Record<string, string>> {
    const stopping: Record<string, string> = this.stopping.aborted ? { process: 'stopping' } : {};
    return { ...stopping, ...(await failing(this.#checks)) };
  }

  /** @returns what is waited for, by name, with the reason */
  waiting(): Promise<Record<string, string>> {
    return failing(this.#waiting);
  }
}

/** Asks all of them. @returns the reasons of those that reject, by name */
export async function failing(checks: ReadonlyMap<string, Check>): Promise<Record<string, string>> {
  const faults: Record<string, string> = {};
  const asked = [...checks].map(([name, check]) =>
    check().catch((error: Error) => void (faults[name] = error.message)),
  );
  await Promise.all(asked);
  return faults;
}

/** What `/health/ready` answers: 200 where nothing is wrong, else 503 with the reasons. @param beside what is told either way */
export function readiness(faults: Readonly<Record<string, unknown>>, beside: object = {}) {
  const isReady = Object.keys(faults).length === 0;
  return isReady
    ? { status: 200, body: { status: 'ok', ...beside } }
    : { status: 503, body: { status: 'not-ready', faults, ...beside } };
}
