import type { Purpose, VerificationFact } from '@sparekey/contracts';
import type { Happened } from '@sparekey/event-sourcing';

/** A challenge by its plain id, kept for as long as anybody can hold its handle. */
export interface Challenge {
  readonly purpose: Purpose;
  readonly service: string;
  readonly signInId?: string;
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  readonly epoch: number;
  readonly expiresAt: number;
  readonly rejected: number;
  readonly state: 'open' | 'passed' | 'failed' | 'cancelled' | 'voided';
}

export type Challenges = Readonly<Record<string, Challenge>>;

const STATE_OF_END = { cancelled: 'cancelled', attempts: 'failed', waiting: 'failed' } as const;

export function evolveChallenges(challenges: Challenges, event: Happened<VerificationFact>): Challenges {
  switch (event.type) {
    case 'ChallengeOpened': {
      const { challengeRef, purpose, service, signInId, firstFactor, epoch, expiresAt } = event.data;
      const opened = { purpose, service, epoch, expiresAt, rejected: 0, state: 'open' } as const;
      const details = { ...(signInId !== undefined && { signInId }), ...(firstFactor && { firstFactor }) };
      return { ...unexpired(challenges, event.time), [challengeRef]: { ...opened, ...details } };
    }
    case 'CodeRejected':
      return change(challenges, event.data.challengeRef, ({ rejected }) => ({ rejected: rejected + 1 }));
    case 'ChallengePassed':
      return change(challenges, event.data.challengeRef, () => ({ state: 'passed' }));
    case 'PassVoided':
      return change(challenges, event.data.challengeRef, () => ({ state: 'voided' }));
    case 'ChallengeEnded':
      return change(challenges, event.data.challengeRef, () => ({ state: STATE_OF_END[event.data.reason] }));
    default:
      return challenges;
  }
}

export const countUnexpired = (challenges: Challenges, at: number): number =>
  Object.values(challenges).filter(({ expiresAt }) => expiresAt > at).length;

function change(
  challenges: Challenges,
  ref: string,
  news: (before: Challenge) => Partial<Challenge>,
): Challenges {
  const before = challenges[ref];
  return before ? { ...challenges, [ref]: { ...before, ...news(before) } } : challenges;
}

/** Handles carry their own expiry, so what has expired need not be remembered. */
function unexpired(challenges: Challenges, at: number): Challenges {
  const kept = Object.entries(challenges).filter(([, { expiresAt }]) => expiresAt > at);
  return Object.fromEntries(kept);
}
