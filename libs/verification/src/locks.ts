import type { Policy, VerificationFact } from '@sparekey/contracts';
import type { Recorded } from '@sparekey/event-sourcing';
import { methodOf, type Throttle } from '@sparekey/factors';

/** Failures since the last success, over all challenges and all methods that wait, and what follows from them. */
export interface Locks {
  readonly failures: number;
  readonly byFactor: Readonly<Record<string, number>>;
  /** When the wait began and when it ends (Unix milliseconds). */
  readonly wait?: { readonly from: number; readonly until: number };
  readonly suspended: readonly string[];
}

export const noLocks: Locks = { failures: 0, byFactor: {}, suspended: [] };

/** NIST SP 800-63B-4 §3.2.2: no more than 100 consecutive failures on one authenticator. */
export const HARD_CAP = 100;

/** How answers by this method wait; one that is gone from the program waits like any other. */
export const throttleOf = (method: string): Throttle => methodOf(method)?.throttle ?? 'full';

export function evolveLocks(locks: Locks, event: Recorded<VerificationFact>): Locks {
  switch (event.type) {
    case 'CodeRejected': {
      const { factorId, method } = event.data;
      if (throttleOf(method) === 'never') return locks;
      const byFactor = factorId === undefined ? locks.byFactor : count(locks.byFactor, factorId);
      return { ...locks, failures: locks.failures + 1, byFactor };
    }
    case 'WaitStarted':
      return { ...locks, wait: { from: event.time, until: event.data.until } };
    case 'FactorSuspended':
      return { ...locks, suspended: [...locks.suspended, event.data.factorId] };
    case 'ChallengePassed':
      return { ...noLocks, suspended: locks.suspended };
    case 'WaitsCleared':
      return noLocks;
    default:
      return locks;
  }
}

function count(counts: Readonly<Record<string, number>>, key: string): Record<string, number> {
  return { ...counts, [key]: (counts[key] ?? 0) + 1 };
}

/** Until when answers of this method wait (Unix milliseconds); nothing where they need not. */
export function waitsUntil({ wait }: Locks, method: string, at: number): number | undefined {
  const throttle = throttleOf(method);
  if (!wait || throttle === 'never') return undefined;
  const until = throttle === 'full' ? wait.until : Math.min(wait.until, wait.from + throttle.maxMs);
  return until > at ? until : undefined;
}

/** How long to wait after this many failures in a row, in milliseconds; 0 for not at all. */
export function waitAfter(failures: number, { after, seconds, factor, maxSeconds }: Policy['waits']): number {
  if (failures < after) return 0;
  return Math.min(seconds * factor ** (failures - after), maxSeconds) * 1_000;
}
