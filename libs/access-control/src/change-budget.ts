import { refuse } from '@sparekey/contracts';
import type { Clock } from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';

/** Changes that one person may make in a row, and how long each of them is held against them (milliseconds). */
const IN_A_ROW = 100;
const EACH_MS = 1_000;
const KEEP = 50_000;

/**
 * What one person may change, in memory: each change stays in the log for ever, so nobody makes them faster than hands do
 * for longer than a moment.
 */
export class ChangeBudget {
  /** When everything that was taken is given back (Unix milliseconds). */
  readonly #until = new LRUCache<string, number>({ max: KEEP });

  constructor(private readonly clock: Clock) {}

  /** @throws Refusal `too-many-requests` with `retryAfter` (seconds) */
  take(person: string): void {
    const now = this.clock.now();
    const until = Math.max(this.#until.get(person) ?? now, now) + EACH_MS;
    const tooEarly = until - now - IN_A_ROW * EACH_MS;
    if (tooEarly > 0) throw refuse('too-many-requests', { retryAfter: Math.ceil(tooEarly / 1_000) });
    this.#until.set(person, until);
  }
}
