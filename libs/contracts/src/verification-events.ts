import { FACTOR_TYPES, type FactorType } from '@sparekey/factors';
import Type, { type Static } from 'typebox';
import { count, event, keyedDigest, moment, oneOf, sealed, uuid, word, type EventOf } from './event.ts';

// These names are the storage format: they outlive every refactoring.

export const PURPOSES = ['sign-in', 're-authentication', 'account-recovery'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Ways to answer a challenge: a kind of factor, or a code that stands in for one. */
export type Method = FactorType | 'recovery-code';
export const METHODS: readonly Method[] = [...FACTOR_TYPES, 'recovery-code'];

const purpose = oneOf(...PURPOSES);
const method = Type.Unsafe<Method>(word());

/** What the service says of the first step (RFC 8176 values, Unix seconds). */
const firstFactor = Type.Object(
  { amr: Type.Array(word()), authTime: count() },
  { additionalProperties: false },
);

export const challengeOpened = event('ChallengeOpened', {
  /** The plain id; the sealed handle that holders present never stands in an event. */
  challengeRef: uuid(),
  purpose,
  service: word(),
  signInId: Type.Optional(word()),
  firstFactor: Type.Optional(firstFactor),
  /** JSON of address and user agent as the service asserted them. */
  context: Type.Optional(sealed('context')),
  /** With a hosted page: where it goes afterwards, and the S256 digest of what only the first browser knows (RFC 7636). */
  hosted: Type.Optional(
    Type.Object({ returnUrl: word(2_048), codeChallenge: word() }, { additionalProperties: false }),
  ),
  /** Whose challenges it is counted with: digest of service, user, and browser or address; of before 2026-11-27 none. */
  share: Type.Optional(keyedDigest()),
  /** In a browser that the service knows of this user. */
  known: Type.Optional(Type.Literal(true)),
  epoch: count(),
  expiresAt: moment(),
});

/** Revisions of the streams that a decision rested on, -1 for none. */
const guards = Type.Object(
  { domain: Type.Integer(), factors: Type.Integer(), codes: Type.Integer() },
  { additionalProperties: false },
);

/** A result without a proof: two-step verification is not on, and was put off for this one sign-in. */
export const signInAllowed = event('SignInAllowed', {
  challengeRef: uuid(),
  purpose,
  service: word(),
  signInId: word(),
  guards,
});

/** A wrong, spent, unknown or malformed code: one word for all of them, so that the log tells no more than the answer. */
export const codeRejected = event('CodeRejected', {
  challengeRef: uuid(),
  method,
  factorId: Type.Optional(uuid()),
  service: word(),
  attemptsLeft: count(),
});

export const challengePassed = event('ChallengePassed', {
  challengeRef: uuid(),
  method,
  /** With `totp`: the factor and the time step that is spent. */
  factorId: Type.Optional(uuid()),
  step: Type.Optional(count()),
  /** With `recovery-code`: the set and the number of the code that is spent. */
  batchId: Type.Optional(uuid()),
  index: Type.Optional(count()),
  guards,
});

/** The service fetched the result of a hosted challenge: it is given once. */
export const resultTaken = event('ResultTaken', { challengeRef: uuid() });

/** Between the pass and its signature something it rested on was taken back. What it spent stays spent. */
export const passVoided = event('PassVoided', { challengeRef: uuid() });

/** Ended without a pass. */
export const challengeEnded = event('ChallengeEnded', {
  challengeRef: uuid(),
  /** `displaced`: too many were open, and most of them were of its share. */
  reason: oneOf('cancelled', 'attempts', 'waiting', 'displaced'),
});

/** Too many failures since the last success: guessable methods wait until then, whoever asks. */
export const waitStarted = event('WaitStarted', { failures: count(), until: moment() });
/** The hard cap: this factor is suspended, not the account. */
export const factorSuspended = event('FactorSuspended', { factorId: uuid(), failures: count() });
export const waitsCleared = event('WaitsCleared', {});

/** Where a message stands: topic, partition and offset. */
const place = () => Type.String({ pattern: '^[A-Za-z0-9._-]{1,200}/[0-9]{1,9}/[0-9]{1,19}$' });

/** A sign-in that a service began by event; its claim is found by the service's own id. `place`: where the message stood. */
export const signInBegun = event('SignInBegun', { claim: keyedDigest(), service: word(), place: place() });
/** What was decided of it: a challenge, */
export const signInChallenged = event('SignInChallenged', {
  service: word(),
  signInId: word(),
  challengeRef: uuid(),
  expiresAt: moment(),
  hosted: Type.Boolean(),
});
/** or first to enrol, */
export const enrollmentRequired = event('EnrollmentRequired', {
  service: word(),
  signInId: word(),
  skippable: Type.Boolean(),
  deadline: Type.Optional(moment()),
});
/** or no. */
export const signInDenied = event('SignInDenied', {
  service: word(),
  signInId: word(),
  code: oneOf('not-enrolled'),
});
/** How a sign-in ended, as the service says. */
export const signInReported = event('SignInReported', {
  claim: keyedDigest(),
  service: word(),
  signInId: word(),
  outcome: oneOf('completed', 'failed'),
  place: place(),
});
/** A message that changes nothing: it is parked. */
export const signInMessageRefused = event('SignInMessageRefused', {
  claim: keyedDigest(),
  reason: oneOf('malformed', 'unsigned', 'foreign', 'stale', 'replayed', 'unknown-user', 'refused'),
  place: place(),
});

export const verificationSummary = event(
  'VerificationSummary',
  {
    foldVersion: count(),
    /** The ledger of what is spent, for every reader. */
    ledger: Type.Object({
      batchId: Type.Optional(uuid()),
      spent: Type.Array(count()),
      lastSteps: Type.Record(Type.String(), count()),
      lastUsed: Type.Record(Type.String(), moment()),
      /** Factors that are suspended; summaries of before 2026-11-26 have them in `state`. */
      suspended: Type.Optional(Type.Array(uuid())),
    }),
    /** The rest of the state, for the room itself. */
    state: Type.Unknown(),
  },
  { summary: true },
);

export type Ledger = Static<typeof verificationSummary.schema>['ledger'];

export type VerificationFact =
  | EventOf<typeof challengeOpened>
  | EventOf<typeof signInAllowed>
  | EventOf<typeof codeRejected>
  | EventOf<typeof challengePassed>
  | EventOf<typeof resultTaken>
  | EventOf<typeof passVoided>
  | EventOf<typeof challengeEnded>
  | EventOf<typeof waitStarted>
  | EventOf<typeof factorSuspended>
  | EventOf<typeof waitsCleared>
  | EventOf<typeof signInBegun>
  | EventOf<typeof signInChallenged>
  | EventOf<typeof enrollmentRequired>
  | EventOf<typeof signInDenied>
  | EventOf<typeof signInReported>
  | EventOf<typeof signInMessageRefused>;

export const VERIFICATION_EVENTS = [
  challengeOpened,
  signInAllowed,
  codeRejected,
  challengePassed,
  resultTaken,
  passVoided,
  challengeEnded,
  waitStarted,
  factorSuspended,
  waitsCleared,
  signInBegun,
  signInChallenged,
  enrollmentRequired,
  signInDenied,
  signInReported,
  signInMessageRefused,
  verificationSummary,
];
