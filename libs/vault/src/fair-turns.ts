/** More is waiting than can be done in time, most of it from whoever asks now. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

interface Waiting {
  readonly begin: () => void;
  readonly turnAway: () => void;
}

class Lane {
  /** Whose turn is next comes first. */
  readonly #askers = new Map<string, Waiting[]>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  next(): Waiting {
    const [asker, waiting] = this.#askers.entries().next().value!;
    const first = waiting.shift()!;
    this.#size--;
    this.#askers.delete(asker);
    if (waiting.length > 0) this.#askers.set(asker, waiting);
    return first;
  }

  /** @returns whether there is room, for which the newest of whoever waits for most may have been turned away */
  add(asker: string, one: Waiting, most: number): boolean {
    const own = this.#askers.get(asker) ?? [];
    if (this.#size >= most && !this.#makeRoom(own.length + 1)) return false;
    own.push(one);
    this.#askers.set(asker, own);
    this.#size++;
    return true;
  }

  #makeRoom(than: number): boolean {
    const longest = [...this.#askers.values()].reduce((one, other) =>
      other.length > one.length ? other : one,
    );
    if (longest.length <= than) return false;
    longest.pop()!.turnAway();
    this.#size--;
    return true;
  }
}

/**
 * Slow work of which only so much is done at once. Lanes take turns, and within a lane those who ask take turns: whoever
 * asks for much waits for themselves, and nobody else does. What waits is bounded; a full lane turns away the newest of
 * whoever waits for most.
 */
export class FairTurns<Name extends string> {
  readonly #lanes = new Map<Name, Lane>();
  readonly #atOnce: number;
  readonly #most: number;
  #running = 0;

  /** @param most how many may wait in one lane */
  constructor(atOnce: number, most: number) {
    this.#atOnce = atOnce;
    this.#most = most;
  }

  /** @throws TooManyWaiting */
  async run<T>(name: Name, asker: string, work: () => Promise<T>): Promise<T> {
    await this.#turn(name, asker);
    try {
      return await work();
    } finally {
      this.#handOver();
    }
  }

  /** Resolves with a place among those running, which the one before may hand over. */
  async #turn(name: Name, asker: string): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running++;
      return;
    }
    const lane = this.#lanes.get(name) ?? new Lane();
    this.#lanes.set(name, lane);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const tooMany = () => new TooManyWaiting(`too much is waiting for its turn: ${name}`);
    if (!lane.add(asker, { begin: resolve, turnAway: () => reject(tooMany()) }, this.#most)) throw tooMany();
    await promise;
  }

  #handOver(): void {
    const [next] = this.#lanes; // whose turn it is; afterwards it is last
    if (!next) return void this.#running--;
    const [name, lane] = next;
    const first = lane.next();
    this.#lanes.delete(name);
    if (!lane.isEmpty) this.#lanes.set(name, lane);
    first.begin();
  }
}
