const HOUR_MS = 3_600_000;
const KEEP = 10_000;

/** Counts what happened within the last hour, in this process. */
export class HourlyCount {
  readonly #times = new Map<string, number[]>();

  /** @returns how often within the hour, this time included */
  add(key: string, now: number): number {
    if (this.#times.size > KEEP) this.#forget(now);
    const times = [...(this.#times.get(key) ?? []).filter((time) => now - time < HOUR_MS), now];
    this.#times.set(key, times);
    return times.length;
  }

  #forget(now: number): void {
    for (const [key, times] of this.#times) if (now - times.at(-1)! >= HOUR_MS) this.#times.delete(key);
  }
}
