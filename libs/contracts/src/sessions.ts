import type { Envelope, Fold } from '@sparekey/event-sourcing';
import { accountSummary, type AccountFact, type Sessions } from './identity-events.ts';
import type { Acr, SessionScope } from './result.ts';

/** The name under which the reference sign-in service is registered in a domain. */
export const IDENTITY_SERVICE = 'identity';

/** Claims of a session of the reference sign-in service. Times are Unix seconds. */
export interface SessionClaims {
  /** `{public URL}/domains/{domain}` */
  readonly iss: string;
  /** The reference sign-in service of that domain. */
  readonly aud: string;
  /** The user. */
  readonly sub: string;
  /** The session, the same in every token of it. */
  readonly sid: string;
  readonly iat: number;
  /** When it ends unless it is used. */
  readonly exp: number;
  /** When it ends in any case. */
  readonly session_exp: number;
  readonly scope: SessionScope;
  readonly signInId: string;
  /** The user's epoch: a token of another one is dead. */
  readonly epoch: number;
  readonly amr: readonly string[];
  readonly acr: Acr;
  /** When the password, or the organisation's provider, was last shown. */
  readonly first_at: number;
  /** When a second factor was last shown. */
  readonly second_at?: number;
}

/** Which sessions of one account live. Written by identity alone; whoever lets a session in folds it in the same way. */
export interface LivingSessions {
  readonly sessions: Sessions;
  /** How many passwords there were: what was begun under another one is dead. */
  readonly passwords: number;
}

export const noSessions: LivingSessions = { sessions: {}, passwords: 0 };

export function evolveSessions(
  living: LivingSessions,
  event: AccountFact & { readonly time: number },
): LivingSessions {
  switch (event.type) {
    case 'PasswordSet':
    case 'PasswordWithdrawn':
      return { sessions: {}, passwords: living.passwords + 1 };
    case 'SessionStarted': {
      const { sessionId, replaces, expiresAt } = event.data;
      const kept = Object.entries(living.sessions).filter(
        ([id, session]) => id !== replaces && session.expiresAt > event.time,
      );
      return {
        ...living,
        sessions: { ...Object.fromEntries(kept), [sessionId]: { startedAt: event.time, expiresAt } },
      };
    }
    case 'SessionEnded': {
      const { [event.data.sessionId]: _ended, ...sessions } = living.sessions;
      return { ...living, sessions };
    }
    default:
      return living;
  }
}

/** For readers of the account stream: from its newest summary on. */
export const sessionsFold: Fold<LivingSessions> = {
  initialState: () => noSessions,
  evolve: (living, envelope: Envelope) => evolveSessions(living, envelope as AccountFact & { time: number }),
  summary: {
    type: accountSummary.type,
    every: 64,
    understands: (data) => 'passwords' in data, // the part of a summary that every version since shares
    take: () => {
      throw new Error('readers write no summaries');
    },
    restore: (data) => {
      const { sessions, passwords } = data as LivingSessions;
      return { sessions, passwords };
    },
  },
};
