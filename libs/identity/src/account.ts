import {
  accountSummary,
  evolveSessions,
  noSessions,
  refuse,
  type AccountFact,
  type Acr,
  type LivingSessions,
  type SessionScope,
} from '@sparekey/contracts';
import { foldOf, type Decider, type Fold, type Recorded } from '@sparekey/event-sourcing';

/*
 * An account of the reference sign-in service, and its sessions.
 *
 * - A result is exchanged once, whoever races.
 * - A sign-in that began under another password begins no session.
 * - A session lives from its beginning to its end, a new password, or its last moment, whichever comes first.
 * - An enrolment session ends with the beginning of the session that replaces it.
 */

/** Sessions of one person at once; another one ends the one that would end first. */
export const MAX_SESSIONS = 50;
/** Longer than any result is good for. */
const BURNT_MS = 600_000;

/** A sealed value and the id of the event it was sealed into. */
export interface SealedAt {
  readonly value: string;
  readonly eventId: string;
}

/** What is known of a living session beside when it began and ends. */
export interface SessionDetails {
  readonly scope: SessionScope;
  readonly signInId: string;
  readonly acr: Acr;
  /** From where, sealed. */
  readonly context?: SealedAt;
}

export interface Account {
  readonly login: SealedAt | undefined;
  readonly claim: string | undefined;
  readonly password: SealedAt | undefined;
  readonly living: LivingSessions;
  /** Of each living session that began since they are kept. */
  readonly details: Readonly<Record<string, SessionDetails>>;
  /** Results that were exchanged, and when (Unix milliseconds). */
  readonly burnt: Readonly<Record<string, number>>;
}

export interface StartSession {
  readonly type: 'StartSession';
  readonly sessionId: string;
  readonly scope: SessionScope;
  readonly signInId: string;
  readonly amr: readonly string[];
  readonly acr: Acr;
  /** The result it is exchanged for. */
  readonly jti?: string;
  readonly challengeRef?: string;
  /** The enrolment session that goes on as this one. */
  readonly replaces?: string;
  readonly context?: string;
  readonly expiresAt: number;
  /** How many passwords there were when the first step was done: another one makes it void. */
  readonly passwords: number;
  readonly at: number;
}

export type AccountCommand =
  | { readonly type: 'PutLogin'; readonly login: string; readonly claim: string }
  /** `digest`: sealed. `sessionId`: the session that asks for it, where it is the person's own. */
  | { readonly type: 'SetPassword'; readonly digest: string; readonly sessionId?: string }
  | StartSession
  | {
      readonly type: 'ConfirmSession';
      readonly sessionId: string;
      readonly by: 'password' | 'second-step';
      readonly jti?: string;
      readonly challengeRef?: string;
      readonly at: number;
    }
  | { readonly type: 'EndSession'; readonly sessionId: string; readonly repudiated?: true }
  /** Its owner did not set it; `eventId`: where it was set. */
  | { readonly type: 'WithdrawPassword'; readonly eventId: string };

type Envelope = Recorded<AccountFact> & { readonly id?: string };

function evolve(account: Account, event: Envelope): Account {
  const sealed = (value: string): SealedAt => ({ value, eventId: event.id ?? '' });
  const living = evolveSessions(account.living, event);
  switch (event.type) {
    case 'AccountOpened':
    case 'LoginChanged':
      return { ...account, login: sealed(event.data.login), claim: event.data.claim };
    case 'PasswordSet':
      return { ...account, password: sealed(event.data.digest), living, details: {} };
    case 'PasswordWithdrawn':
      return { ...account, password: undefined, living, details: {} };
    case 'SessionStarted': {
      const { sessionId, scope, signInId, acr, context } = event.data;
      const known = {
        scope,
        signInId,
        acr: acr,
        ...(context !== undefined && { context: sealed(context) }),
      };
      const details = livingOnly({ ...account.details, [sessionId]: known }, living);
      return { ...account, living, details, burnt: burn(account.burnt, event.data.jti, event.time) };
    }
    case 'SessionConfirmed':
      return { ...account, living, burnt: burn(account.burnt, event.data.jti, event.time) };
    case 'SessionEnded':
      return { ...account, living, details: livingOnly(account.details, living) };
    default:
      return account;
  }
}

const livingOnly = (details: Account['details'], { sessions }: LivingSessions): Account['details'] =>
  Object.fromEntries(Object.entries(details).filter(([id]) => id in sessions));

function burn(burnt: Account['burnt'], jti: string | undefined, at: number): Account['burnt'] {
  if (jti === undefined) return burnt;
  const kept = Object.entries(burnt).filter(([, since]) => at - since < BURNT_MS);
  return { ...Object.fromEntries(kept), [jti]: at };
}

function startSession({ type: _, passwords, at, ...data }: StartSession, account: Account): AccountFact[] {
  const { sessions } = account.living;
  if (data.jti !== undefined && data.jti in account.burnt) throw refuse('result-taken');
  const replaced = data.replaces === undefined || data.replaces in sessions;
  if (passwords !== account.living.passwords || !replaced) throw refuse('unauthenticated');
  const alive = Object.entries(sessions)
    .filter(([id, { expiresAt }]) => id !== data.replaces && expiresAt > at)
    .sort(([, one], [, other]) => one.expiresAt - other.expiresAt);
  const tooMany = alive.slice(0, Math.max(0, alive.length + 1 - MAX_SESSIONS));
  return [
    { type: 'SessionStarted', data: { ...data, amr: [...data.amr] } },
    ...tooMany.map(([sessionId]): AccountFact => ({
      type: 'SessionEnded',
      data: { sessionId, reason: 'too-many' },
    })),
  ];
}

type CommandOf<Type extends AccountCommand['type']> = Extract<AccountCommand, { type: Type }>;

function confirmSession(command: CommandOf<'ConfirmSession'>, account: Account): AccountFact[] {
  const { type: _, at, ...data } = command;
  if (data.jti !== undefined && data.jti in account.burnt) throw refuse('result-taken');
  if ((account.living.sessions[data.sessionId]?.expiresAt ?? 0) <= at) throw refuse('unauthenticated');
  return [{ type: 'SessionConfirmed', data }];
}

function setPassword({ digest, sessionId }: CommandOf<'SetPassword'>, account: Account): AccountFact[] {
  if (account.claim === undefined) throw refuse('not-found', { detail: 'this user has no account' });
  if (sessionId !== undefined && !(sessionId in account.living.sessions)) throw refuse('unauthenticated'); // it ended while the password was looked at
  return [{ type: 'PasswordSet', data: { digest } }];
}

function endSession({ sessionId, repudiated }: CommandOf<'EndSession'>, account: Account): AccountFact[] {
  if (!(sessionId in account.living.sessions)) return [];
  const reason = repudiated ? 'repudiated' : 'signed-out';
  return [{ type: 'SessionEnded', data: { sessionId, reason } }];
}

function decide(command: AccountCommand, account: Account): AccountFact[] {
  switch (command.type) {
    case 'PutLogin': {
      const { login, claim } = command;
      const type = account.claim === undefined ? 'AccountOpened' : 'LoginChanged';
      return [{ type, data: { login, claim } }];
    }
    case 'SetPassword':
      return setPassword(command, account);
    case 'StartSession':
      return startSession(command, account);
    case 'ConfirmSession':
      return confirmSession(command, account);
    case 'EndSession':
      return endSession(command, account);
    case 'WithdrawPassword':
      return account.password?.eventId === command.eventId ? [{ type: 'PasswordWithdrawn', data: {} }] : [];
  }
}

export const accountDecider: Decider<AccountCommand, AccountFact, Account> = {
  initialState: () => ({
    login: undefined,
    claim: undefined,
    password: undefined,
    living: noSessions,
    details: {},
    burnt: {},
  }),
  evolve,
  decide,
};

/** Raise it with every change to what `evolve` makes of events: older summaries are then skipped. */
const FOLD_VERSION = 4;

interface Summary extends LivingSessions {
  readonly foldVersion: number;
  readonly state: Omit<Account, 'living'>;
}

export const accountFold: Fold<Account> = foldOf(accountDecider, {
  type: accountSummary.type,
  every: 64,
  understands: (data) => (data as Summary).foldVersion === FOLD_VERSION,
  take: ({ living, ...state }) => ({
    type: accountSummary.type,
    data: { foldVersion: FOLD_VERSION, ...living, state },
  }),
  restore: (data) => {
    const { state, sessions, passwords } = data as Summary;
    return { ...state, living: { sessions, passwords } };
  },
});
