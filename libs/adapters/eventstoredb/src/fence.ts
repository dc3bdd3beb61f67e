import { LOOK_LASTS, lookOfThisWork } from '@sparekey/event-sourcing';

export interface FenceOptions {
  /** Asks the leader where our newest event stands (its commit position). */
  readonly look: () => Promise<bigint | undefined>;
  /** Resolves when the subscription has brought everything up to there, with false where it does not in time. */
  readonly reached: (commit: bigint) => Promise<boolean>;
}

/** Who waited so long for a look that failed hears of that, rather than wait for another one (milliseconds). */
const WAITED_LONG = 1_000;

/**
 * Tells when what the subscription has brought is as fresh as a read that begins now: one look at the log's end at the leader,
 * and the subscription's arrival there. Who asks while a look is under way waits for the next one, which all who wait share: a
 * look that began before somebody asked does not know what was acknowledged to them in between.
 */
export class Fence {
  readonly #options: FenceOptions;
  #running: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #began = 0;

  constructor(options: FenceOptions) {
    this.#options = options;
  }

  /** @returns whether it is; else the log itself has to be read @throws StoreUnavailable */
  pass(): Promise<boolean> {
    const work = lookOfThisWork();
    if (!work) return this.#shared();
    if (work.taken && performance.now() - work.taken.at < LOOK_LASTS) return work.taken.reached;
    const taken = { at: performance.now(), reached: this.#shared() };
    work.taken = taken;
    return taken.reached;
  }

  #shared(): Promise<boolean> {
    if (!this.#running) return this.#begin();
    return (this.#next ??= this.#running.then(
      () => this.#begin(),
      (error: unknown) => {
        if (performance.now() - this.#began < WAITED_LONG) return this.#begin();
        this.#next = undefined;
        throw error;
      },
    ));
  }

  #begin(): Promise<boolean> {
    this.#next = undefined;
    this.#began = performance.now();
    const running = this.#lookAndWait();
    const over = () => {
      if (this.#running === running) this.#running = undefined;
    };
    this.#running = running;
    running.then(over, over);
    return running;
  }

  async #lookAndWait(): Promise<boolean> {
    const commit = await this.#options.look();
    return commit === undefined || this.#options.reached(commit);
  }
}
