import { pause } from '@sparekey/event-sourcing';
import type { EachBatchPayload } from 'kafkajs';

type Batch = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'>;

/** So long after one commit the next is made, at the earliest (milliseconds); after a pause nothing waits. */
const COMMIT_EVERY = 250;
/** A commit that fails is made again so often, each time after twice as long: a broker that was made anew is back by then. */
const TRIES = 6;

/**
 * Commits how far a consumer has come: that of many batches at once, where kafkajs by itself would commit after each batch of each
 * partition. What a consumer that was killed, or put out of its group, has not committed is delivered again.
 */
export class Commits {
  readonly #onTrouble: (cause: string) => void;
  readonly #every: number;
  readonly #stop = new AbortController();
  #newest: Batch | undefined;
  #isDue = false;
  #failures = 0;
  #last = -Infinity;
  #running: Promise<void> | undefined;

  /** @param onTrouble told when it is not tried any more until the next batch */
  constructor(onTrouble: (cause: string) => void, every = COMMIT_EVERY) {
    this.#onTrouble = onTrouble;
    this.#every = every;
  }

  /** A batch is handled. */
  soon(batch: Batch): void {
    this.#newest = batch;
    this.#isDue = true;
    this.#failures = 0;
    this.#running ??= this.#run();
  }

  /** Commits what is handled; the consumer is still in its group. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#isDue) await this.#commit();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#isDue && this.#failures < TRIES && !signal.aborted) {
      const wait = this.#last + this.#every * 2 ** this.#failures - performance.now();
      if (wait > 0) await pause(wait, signal);
      if (!signal.aborted) await this.#commit();
    }
    this.#running = undefined; // in one turn with the last look whether something is due
  }

  async #commit(): Promise<void> {
    const { uncommittedOffsets, commitOffsetsIfNecessary } = this.#newest!;
    this.#isDue = false;
    try {
      await commitOffsetsIfNecessary(uncommittedOffsets());
      this.#failures = 0;
    } catch (error) {
      this.#isDue = true; // the group is another now, or its coordinator is away
      if (++this.#failures === TRIES) this.#onTrouble((error as Error).message);
    }
    this.#last = performance.now();
  }
}
