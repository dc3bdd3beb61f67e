import type { Method, Policy, VerificationFact } from '@sparekey/contracts';
import type { Happened } from '@sparekey/event-sourcing';

/** Failures since the last success, over all challenges and methods, and what follows from them. */
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
/** A recovery code holds 80 random bits: its wait only slows a flood down. */
const RECOVERY_CODE_WAIT_MS = 60_000;

export function evolveLocks(locks: Locks, event: Happened<VerificationFact>): Locks {
  switch (event.type) {
    case 'CodeRejected': {
      const { factorId } = event.data;
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
export function waitsUntil({ wait }: Locks, method: Method, at: number): number | undefined {
  if (!wait) return undefined;
  const until =
    method === 'recovery-code' ? Math.min(wait.until, wait.from + RECOVERY_CODE_WAIT_MS) : wait.until;
  return until > at ? until : undefined;
}

/** How long to wait after this many failures in a row, in milliseconds; 0 for not at all. */
export function waitAfter(failures: number, { after, seconds, factor, maxSeconds }: Policy['waits']): number {
  if (failures < after) return 0;
  return Math.min(seconds * factor ** (failures - after), maxSeconds) * 1_000;
}
