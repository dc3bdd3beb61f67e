import { pause } from '@sparekey/event-sourcing';
import type { EachBatchPayload } from 'kafkajs';

type Batch = Pick<EachBatchPayload, 'uncommittedOffsets' | 'commitOffsetsIfNecessary'>;

/** So long after one commit the next is made, at the earliest (milliseconds); after a pause nothing waits. */
const COMMIT_EVERY = 250;
/** A commit that fails is made again so often, each time after twice as long, but no longer than that (milliseconds). */
const [TRIES, LONGEST_WAIT] = [6, 2_000];

/**
 * Commits how far a consumer has come: that of many batches at once, where kafkajs by itself would commit after each batch of each
 * partition. What a consumer that was killed, or put out of its group, has not committed is delivered again: handlers allow that.
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
    if (this.#failures >= TRIES) this.#failures = 0;
    if (this.#stop.signal.aborted) return;
    this.#running ??= this.#run();
  }

  /** The group is about to be shared out anew: what is handled is committed before. */
  now(): void {
    if (this.#isDue) void this.#commit();
  }

  /** The consumer begins anew from what was committed. */
  forget(): void {
    this.#newest = undefined;
    this.#isDue = false;
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
      const patience = Math.min(this.#every * 2 ** this.#failures, LONGEST_WAIT);
      const wait = this.#last + patience - performance.now();
      if (wait > 0) await pause(wait, signal);
      if (this.#isDue && !signal.aborted) await this.#commit();
    }
    this.#running = undefined; // in one turn with the last look whether something is due
  }

  async #commit(): Promise<void> {
    const batch = this.#newest!;
    const { uncommittedOffsets, commitOffsetsIfNecessary } = batch;
    this.#isDue = false;
    try {
      await commitOffsetsIfNecessary(uncommittedOffsets());
      this.#failures = 0;
    } catch (error) {
      if (this.#newest === batch) this.#isDue = true; // the group is another now, or its coordinator is away
      if (++this.#failures === TRIES) this.#onTrouble((error as Error).message);
    }
    this.#last = performance.now();
  }
}
