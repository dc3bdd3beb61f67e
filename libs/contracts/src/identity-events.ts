import Type, { type Static } from 'typebox';
import {
  count,
  event,
  blindIndex,
  timestamp,
  oneOf,
  sealed,
  sha256,
  uuid,
  identifier,
  type EventOf,
} from './event.ts';
import { ACR, SESSION_SCOPES, type Acr } from './result.ts';

// These names are the storage format: they outlive every refactoring.

export const TOKEN_ROLES = ['service', 'auditor', 'help-desk', 'administrator'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

export const apiTokenIssued = event('ApiTokenIssued', {
  tokenId: uuid(),
  name: sealed('contact'),
  role: oneOf(...TOKEN_ROLES),
  /** With role `service`: which registered service presents it. */
  service: Type.Optional(identifier()),
  expiresAt: Type.Optional(timestamp()),
  /** SHA-256 of its secret; one of before 2026-11-27 has none, and opens nothing any more. */
  digest: Type.Optional(sha256()),
  /** Of the reference sign-in service's own token alone, which nobody is shown. */
  secret: Type.Optional(sealed('password')),
});
export const apiTokenRevoked = event('ApiTokenRevoked', { tokenId: uuid() });

export type TokensFact = EventOf<typeof apiTokenIssued> | EventOf<typeof apiTokenRevoked>;

/** What a personal access token may be for: nothing that touches factors, codes, tokens, accounts, roles or policy. */
export const ACCESS_SCOPES = ['security:read'] as const;
export type AccessScope = (typeof ACCESS_SCOPES)[number];

export const accessTokenIssued = event('AccessTokenIssued', {
  tokenId: uuid(),
  name: sealed('contact'),
  scopes: Type.Array(oneOf(...ACCESS_SCOPES)),
  /** It is dead when the user's epoch is another, or the password. */
  epoch: count(),
  passwords: count(),
  /** Whether two-step verification was on; where it went on later, the token is dead. */
  twoStep: Type.Boolean(),
  expiresAt: timestamp(),
  /** SHA-256 of its secret; one of before 2026-11-27 has none, and opens nothing any more. */
  digest: Type.Optional(sha256()),
});
export const accessTokenRevoked = event('AccessTokenRevoked', { tokenId: uuid() });

export type AccessTokensFact = EventOf<typeof accessTokenIssued> | EventOf<typeof accessTokenRevoked>;

/** In the claim's own stream; the holder is the subject. */
export const loginClaimed = event('LoginClaimed', { claim: blindIndex() });
export const loginReleased = event('LoginReleased', { claim: blindIndex() });

export type ClaimFact = EventOf<typeof loginClaimed> | EventOf<typeof loginReleased>;

export const accountOpened = event('AccountOpened', { login: sealed('contact'), claim: blindIndex() });
export const loginChanged = event('LoginChanged', { login: sealed('contact'), claim: blindIndex() });
/** Ends every session. */
export const passwordSet = event('PasswordSet', { digest: sealed('password') });
/** Nobody signs in with it any more, until another one is set: its owner did not set it. Ends every session. */
export const passwordWithdrawn = event('PasswordWithdrawn', {});

export const sessionStarted = event('SessionStarted', {
  sessionId: uuid(),
  scope: oneOf(...SESSION_SCOPES),
  /** The service's own id of this sign-in, as in the result. */
  signInId: identifier(),
  amr: Type.Array(identifier()),
  acr: Type.Unsafe<Acr>(Type.Union(Object.values(ACR).map((value) => Type.Literal(value)))),
  /** The result that was exchanged for it; never again. */
  jti: Type.Optional(uuid()),
  challengeRef: Type.Optional(uuid()),
  /** The enrolment session that it replaces and ends. */
  replaces: Type.Optional(uuid()),
  /** JSON of address and user agent. */
  context: Type.Optional(sealed('context')),
  /** Whatever is done with it, it ends then. */
  expiresAt: timestamp(),
});
/** The person showed the password again, or a second factor (then `jti` is the result that was exchanged). */
export const sessionConfirmed = event('SessionConfirmed', {
  sessionId: uuid(),
  by: oneOf('password', 'second-step'),
  jti: Type.Optional(uuid()),
  challengeRef: Type.Optional(uuid()),
});
export const sessionEnded = event('SessionEnded', {
  sessionId: uuid(),
  reason: oneOf('signed-out', 'too-many', 'repudiated'),
});

export const accountSummary = event(
  'AccountSummary',
  {
    foldVersion: count(),
    /** Which sessions live, for every reader. */
    sessions: Type.Record(
      Type.String(),
      Type.Object({ startedAt: timestamp(), expiresAt: timestamp() }, { additionalProperties: false }),
    ),
    /** How many passwords there were. */
    passwords: count(),
    /** The rest of the state, for the room itself. */
    state: Type.Unknown(),
  },
  { summary: true },
);

export type AccountFact =
  | EventOf<typeof accountOpened>
  | EventOf<typeof loginChanged>
  | EventOf<typeof passwordSet>
  | EventOf<typeof passwordWithdrawn>
  | EventOf<typeof sessionStarted>
  | EventOf<typeof sessionConfirmed>
  | EventOf<typeof sessionEnded>;

export type Sessions = Static<typeof accountSummary.schema>['sessions'];

/** One of the first few in an hour; the others are only counted. */
export const passwordRejected = event('PasswordRejected', { context: Type.Optional(sealed('context')) });
/** How many more there were, between these moments. */
export const passwordRejectionsSummed = event('PasswordRejectionsSummed', {
  count: count(),
  from: timestamp(),
  until: timestamp(),
});

export type AttemptsFact = EventOf<typeof passwordRejected> | EventOf<typeof passwordRejectionsSummed>;

export const IDENTITY_EVENTS = [
  apiTokenIssued,
  apiTokenRevoked,
  accessTokenIssued,
  accessTokenRevoked,
  loginClaimed,
  loginReleased,
  accountOpened,
  loginChanged,
  passwordSet,
  passwordWithdrawn,
  sessionStarted,
  sessionConfirmed,
  sessionEnded,
  accountSummary,
  passwordRejected,
  passwordRejectionsSummed,
];
