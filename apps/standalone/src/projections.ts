import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { extname } from 'node:path';
import type { EventStore } from '@sparekey/event-sourcing';
import type { KeyVersions } from '@sparekey/vault';

/** What the thread is given. */
export interface ProjectionWork {
  /** The data directory. */
  readonly path: string;
  /** Its first number changes with every append. */
  readonly appended: Int32Array<SharedArrayBuffer>;
  /** Opens contacts, so that people are found by the digest of an address. */
  readonly contactKeys: KeyVersions;
}

export type ProjectionOrder = { readonly type: 'rebuild'; readonly name: string } | { readonly type: 'stop' };

/** What a batch leaves behind is collected often: memory is worth more here than speed. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const SOUND_MS = 60_000;

/** Read models are advanced in a thread of their own, off the way of requests. Should it die, it is started again. */
export class ProjectionThread {
  readonly #work: ProjectionWork;
  readonly #onFault: (error: Error) => void;
  readonly #forget: () => void;
  #worker: Worker | undefined;
  #ended: Promise<void>;
  readonly #stop = new AbortController();

  constructor(path: string, contactKeys: KeyVersions, store: EventStore, onFault: (error: Error) => void) {
    const appended = new Int32Array(new SharedArrayBuffer(4));
    this.#work = { path, appended, contactKeys };
    this.#onFault = onFault;
    this.#forget = store.onAppended(() => {
      Atomics.add(appended, 0, 1);
      Atomics.notify(appended, 0);
    });
    this.#ended = this.#run();
  }

  async rebuild(name: string): Promise<void> {
    this.#order({ type: 'rebuild', name });
  }

  /** Finishes the batch in hand. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#forget();
    this.#order({ type: 'stop' });
    await this.#ended;
  }

  #order(order: ProjectionOrder): void {
    this.#worker?.postMessage(order);
  }

  async #run(): Promise<void> {
    for (let wait = FIRST_WAIT; !this.#stop.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      const began = Date.now();
      const fault = await this.#once();
      if (this.#stop.signal.aborted) return;
      this.#onFault(fault ?? new Error('the thread of the read models ended'));
      if (Date.now() - began > SOUND_MS) wait = FIRST_WAIT;
      await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined); // stopped
    }
  }

  #once(): Promise<Error | undefined> {
    const file = new URL(`./projections.worker${extname(import.meta.url)}`, import.meta.url);
    return new Promise((resolve) => {
      let fault: Error | undefined;
      const worker = (this.#worker = new Worker(file, { workerData: this.#work, resourceLimits: LIMITS }));
      worker.once('error', (error: Error) => (fault = error));
      worker.once('exit', () => {
        this.#worker = undefined;
        resolve(fault);
      });
    });
  }
}
