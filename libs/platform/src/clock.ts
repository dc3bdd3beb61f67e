import { uptime } from 'node:os';
import { refuse } from '@sparekey/contracts';
import type { Clock, EventStore, EventFilter } from '@sparekey/event-sourcing';

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

/** While the wall clock and the monotonic clock drift apart by less than this since the last full check, its verdict stands. */
const ALIKE_MS = 50;

/** Where the time comes from, in milliseconds. */
export interface TimeSources {
  /** The wall clock. */
  readonly wall: () => number;
  /** Monotonic, also while the machine sleeps. Asking for it costs a system call and reading a file. */
  readonly running: () => number;
  /** Monotonic; it may stand still while the machine sleeps. Asking for it costs nothing. */
  readonly ticking: () => number;
}

const SYSTEM: TimeSources = {
  wall: () => Date.now(),
  running: () => uptime() * 1_000,
  ticking: () => performance.now(),
};

/**
 * The system's clock, held against one that cannot be set and against the newest event: more than 5 s back or 10 min
 * ahead it is at fault, until it fits again. Codes that depend on time are refused meanwhile.
 */
export class SystemClock implements TrustedClock {
  readonly #sources: TimeSources;
  readonly #wall: number;
  readonly #running: number;
  #floor = 0;
  /** By how much the wall clock was ahead of the monotonic one at the last full check that found no fault. */
  #right: number | undefined;

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
    const apart = now - this.#sources.ticking();
    if (this.#right !== undefined && Math.abs(apart - this.#right) < ALIKE_MS) return undefined;
    const fault = this.#judge(now);
    this.#right = fault === undefined ? apart : undefined;
    return fault;
  }

  #judge(now: number): string | undefined {
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
    this.#right = undefined;
  }
}

/**
 * The time by which everything is decided: the later of the clock and of the newest event that was read or written here. A
 * clock that is set back gives nothing life that had ended.
 */
export class LogClock implements TrustedClock {
  readonly #clock: TrustedClock;
  #newest = 0;

  constructor(clock: TrustedClock) {
    this.#clock = clock;
  }

  now(): number {
    return Math.max(this.#clock.now(), this.#newest);
  }

  fault(): string | undefined {
    return this.#clock.fault();
  }

  /** @returns the same store; what passes through it is seen from here on */
  async follow(store: EventStore): Promise<EventStore> {
    this.#saw((await store.newestTime()) ?? 0);
    const see = <Events extends readonly { readonly time: number }[]>(events: Events): Events => {
      for (const { time } of events) this.#saw(time);
      return events;
    };
    return {
      append: async (stream, expected, events, options) => {
        const revision = await store.append(stream, expected, events, options);
        see(events);
        return revision;
      },
      read: async (stream, options) => see(await store.read(stream, options)),
      readAll: async (after, limit, filters) => see(await store.readAll(after, limit, filters)),
      ...(store.atHand && {
        atHand: (after: string | undefined, limit: number, filters?: readonly EventFilter[]) => {
          const found = store.atHand!(after, limit, filters);
          if (found) see(found.events);
          return found;
        },
      }),
      ...(store.rights && { rights: () => store.rights!() }),
      end: () => store.end(),
      countAfter: (position) => store.countAfter(position),
      onAppended: (listener, types) => store.onAppended(listener, types),
      newestTime: () => store.newestTime(),
      ping: () => store.ping(),
    };
  }

  #saw(time: number): void {
    if (time > this.#newest) this.#newest = time;
  }
}
