import type { TrustedClock } from '@sparekey/platform';

/** A clock that stands still until a test moves it on. */
export interface TestClock extends TrustedClock {
  /** @param seconds how far it goes on */
  advance(seconds: number): void;
}

/** In the memory of one process. */
export class FixedClock implements TestClock {
  constructor(private time = Date.UTC(2026, 2, 1, 12)) {}

  now(): number {
    return this.time;
  }

  fault(): undefined {
    return undefined;
  }

  advance(seconds: number): void {
    this.time += seconds * 1_000;
  }
}
