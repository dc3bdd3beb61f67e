import type { TrustedClock } from '@sparekey/platform';

/** A clock that stands still until it is told otherwise. */
export class FixedClock implements TrustedClock {
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
