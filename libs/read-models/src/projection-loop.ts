import { pause, Wake, type EventStore } from '@sparekey/event-sourcing';
import type { Projector } from './projector.ts';

/** Should a signal be missed, it looks by itself (milliseconds). */
const LOOK_AGAIN = 1_000;
/** Appends are gathered for so long; while they keep coming, so long from one batch to the next. */
const [GATHER, PACE] = [50, 200];
const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;

/** Advances projections as the log grows, beside whatever else the process does. */
export class ProjectionLoop {
  readonly #projector: Projector;
  readonly #store: EventStore;
  readonly #onFault: (error: Error) => void;
  readonly #stop = new AbortController();
  readonly #wake = new Wake();
  #running: Promise<void> | undefined;
  readonly #orders: string[] = [];

  constructor(projector: Projector, store: EventStore, onFault: (error: Error) => void) {
    this.#projector = projector;
    this.#store = store;
    this.#onFault = onFault;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Has a projection made anew, beside the one that is read until then. */
  async rebuild(name: string): Promise<void> {
    this.#orders.push(name);
    this.#wake.wake();
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const forget = this.#store.onAppended(() => this.#wake.wake());
    for (let failures = 0; !this.#stop.signal.aborted;) {
      try {
        const order = this.#orders[0];
        if (order !== undefined) await this.#projector.rebuild(order);
        if (order !== undefined) this.#orders.shift();
        const began = performance.now();
        if (await this.#projector.advance()) await this.#quiet(began);
        failures = 0;
      } catch (error) {
        this.#onFault(error as Error);
        await pause(Math.min(FIRST_WAIT * 2 ** failures++, LONGEST_WAIT), this.#stop.signal);
      }
    }
    forget();
  }

  /** A batch has a price of its own, whatever is in it: after a pause nothing waits long, and under load batches are larger. */
  async #quiet(began: number): Promise<void> {
    await this.#wake.wait(LOOK_AGAIN, this.#stop.signal);
    await pause(Math.max(GATHER, PACE - (performance.now() - began)), this.#stop.signal);
  }
}
