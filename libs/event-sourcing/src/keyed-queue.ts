/** Runs tasks of one key one after another, tasks of different keys at once. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const turn = before ? before.then(task, task) : task();
    this.#tails.set(key, turn);
    const forget = () => {
      if (this.#tails.get(key) === turn) this.#tails.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }

  /** Keys with a task running or waiting. */
  get size(): number {
    return this.#tails.size;
  }
}
