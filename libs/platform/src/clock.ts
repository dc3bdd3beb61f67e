import { refuse } from '@sparekey/contracts';
import type { Clock } from '@sparekey/event-sourcing';

/** A clock that knows when it cannot be believed. */
export interface TrustedClock extends Clock {
  /** @returns what is wrong, in words for an operator */
  fault(): string | undefined;
}

/** @throws Refusal `clock-fault`: nothing that depends on time is decided meanwhile */
export function requireClock(clock: TrustedClock): void {
  if (clock.fault()) throw refuse('clock-fault', { retryAfter: 30 });
}

const BACK_MS = 5_000;
const AHEAD_MS = 600_000;

/**
 * The system's clock, held against the monotonic one: a wall clock that jumps more than 5 s back or 10 min ahead while
 * the process runs is at fault until it fits again. Codes that depend on time are refused meanwhile.
 */
export class SystemClock implements TrustedClock {
  #wall = Date.now();
  #monotonic = performance.now();

  now(): number {
    return Date.now();
  }

  fault(): string | undefined {
    const drift = Date.now() - this.#wall - (performance.now() - this.#monotonic);
    if (drift < -BACK_MS) return `the system clock went ${Math.round(-drift / 1_000)} s back`;
    if (drift > AHEAD_MS) return `the system clock went ${Math.round(drift / 1_000)} s ahead`;
    return undefined;
  }

  /** Holds the clock against the newest event there is: time never ran backwards between two runs. */
  expectAfter(newestEvent: number): void {
    if (newestEvent > this.#wall) {
      this.#wall = newestEvent;
    }
  }
}
