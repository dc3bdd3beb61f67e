import { uptime } from 'node:os';
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

/** Where the time comes from, in milliseconds: the wall clock, and one that only runs on, also while the machine sleeps. */
export interface TimeSources {
  readonly wall: () => number;
  readonly running: () => number;
}

const SYSTEM: TimeSources = { wall: () => Date.now(), running: () => uptime() * 1_000 };

/**
 * The system's clock, held against one that cannot be set and against the newest event: more than 5 s back or 10 min
 * ahead it is at fault, until it fits again. Codes that depend on time are refused meanwhile.
 */
export class SystemClock implements TrustedClock {
  readonly #sources: TimeSources;
  readonly #wall: number;
  readonly #running: number;
  #floor = 0;

  constructor(sources: TimeSources = SYSTEM) {
    this.#sources = sources;
    this.#wall = sources.wall();
    this.#running = sources.running();
  }

  now(): number {
    return this.#sources.wall();
  }

  fault(): string | undefined {
    const now = this.#sources.wall();
    const drift = now - this.#wall - (this.#sources.running() - this.#running);
    const behind = Math.max(-drift, this.#floor - now);
    if (behind > BACK_MS)
      return `the system clock is ${Math.round(behind / 1_000)} s behind what was seen before`;
    if (drift > AHEAD_MS) return `the system clock went ${Math.round(drift / 1_000)} s ahead`;
    return undefined;
  }

  /** Time never ran backwards between two runs: nothing is decided before the newest event. @param time Unix ms */
  expectAfter(time: number): void {
    this.#floor = time;
  }
}
