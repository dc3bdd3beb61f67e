import { methodTypes, PURPOSES, type MethodType } from '@sparekey/factors';
import Type, { type Static } from 'typebox';
import {
  count,
  event,
  blindIndex,
  timestamp,
  oneOf,
  parameters,
  sealed,
  uuid,
  identifier,
  type EventOf,
} from './event.ts';
import type { DeliveryFact } from './notification-events.ts';

// These names are the storage format: they outlive every refactoring.

/** Ways to answer a challenge: kinds of factor, and codes that stand in for one. */
export const METHODS: readonly MethodType[] = methodTypes();

const purpose = oneOf(...PURPOSES);
const method = Type.Unsafe<MethodType>(identifier());

/** What the service says of the first step (RFC 8176 values, Unix seconds). */
const firstFactor = Type.Object(
  { amr: Type.Array(identifier()), authTime: count() },
  { additionalProperties: false },
);

export const challengeOpened = event('ChallengeOpened', {
  /** The plain id; the sealed handle that holders present never stands in an event. */
  challengeRef: uuid(),
  purpose,
  service: identifier(),
  signInId: Type.Optional(identifier()),
  firstFactor: Type.Optional(firstFactor),
  /** JSON of address and user agent as the service asserted them. */
  context: Type.Optional(sealed('context')),
  /** With a hosted page: where it goes afterwards, and the S256 digest of what only the first browser knows (RFC 7636). */
  hosted: Type.Optional(
    Type.Object(
      { returnUrl: identifier(2_048), codeChallenge: identifier() },
      { additionalProperties: false },
    ),
  ),
  /** Whose challenges it is counted with: digest of service, user, and browser or address; of before 2026-11-27 none. */
  share: Type.Optional(blindIndex()),
  /** In a browser that the service knows of this user. By its answer: nothing but this says that its id was used. */
  known: Type.Optional(Type.Literal(true)),
  byAnswer: Type.Optional(Type.Literal(true)),
  epoch: count(),
  expiresAt: timestamp(),
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
  service: identifier(),
  signInId: identifier(),
  guards,
});

/** A wrong, spent, unknown or malformed code: one word for all of them, so that the log tells no more than the answer. */
export const codeRejected = event('CodeRejected', {
  challengeRef: uuid(),
  method,
  factorId: Type.Optional(uuid()),
  service: identifier(),
  attemptsLeft: count(),
});

/** An answer was right, but for a counter that did not rise: there may be a copy of this factor. */
export const cloneSuspected = event('CloneSuspected', {
  challengeRef: uuid(),
  factorId: uuid(),
  service: identifier(),
});

/** Of version 1: a factor and a time step, or a set of recovery codes and the number of one. */
interface PassedV1 {
  readonly factorId?: string;
  readonly step?: number;
  readonly batchId?: string;
  readonly index?: number;
}

export const challengePassed = event(
  'ChallengePassed',
  {
    challengeRef: uuid(),
    method,
    /** What was held and shown: a factor, a set of codes. */
    holder: uuid(),
    /** What is used up of it by this: everything up to a number, one item, or nothing. */
    consumes: Type.Object(
      { through: Type.Optional(count()), item: Type.Optional(count()) },
      { additionalProperties: false },
    ),
    /** What it adds to `amr`, where that depends on the answer. */
    amr: Type.Optional(Type.Array(identifier())),
    /** What changed of the factor's parameters since it was confirmed. */
    learned: Type.Optional(parameters()),
    guards,
  },
  {
    version: 2,
    upcasters: {
      1: ({ factorId, step, batchId, index, ...rest }: PassedV1) => ({
        ...rest,
        holder: factorId ?? batchId,
        consumes: {
          ...(step !== undefined && { through: step }),
          ...(index !== undefined && { item: index }),
        },
      }),
    },
  },
);

/** What a challenge asks for by one method, made when it was asked for. A later one takes its place. */
export const challengePrompted = event('ChallengePrompted', {
  challengeRef: uuid(),
  method,
  /** Where what was prepared is good for one factor alone. */
  factorId: Type.Optional(uuid()),
  /** Until when it counts, where that is before the challenge ends. */
  expiresAt: Type.Optional(timestamp()),
  /** JSON: what is shown (`shown`), and what an answer is compared with (`expected`). */
  prepared: sealed('factor'),
});

/** The service fetched the result of a hosted challenge: it is given once. */
export const resultTaken = event('ResultTaken', { challengeRef: uuid() });

/** Between the pass and its signature something it rested on was taken back. What it spent stays spent. */
export const passVoided = event('PassVoided', { challengeRef: uuid() });

/** Ended without a pass. */
export const challengeEnded = event('ChallengeEnded', {
  challengeRef: uuid(),
  /** `displaced`: too many were open, and most of them were of its share. */
  reason: oneOf('cancelled', 'attempts', 'displaced'),
});

/** Too many failures since the last success: guessable methods wait until then, whoever asks. */
export const waitStarted = event('WaitStarted', { failures: count(), until: timestamp() });
/** The hard cap: this factor is suspended, not the account. */
export const factorSuspended = event('FactorSuspended', { factorId: uuid(), failures: count() });
export const waitsCleared = event('WaitsCleared', {});

/** Where a message stands: topic, partition and offset. */
const place = () => Type.String({ pattern: '^[A-Za-z0-9._-]{1,200}/[0-9]{1,9}/[0-9]{1,19}$' });

/** A sign-in that a service began by event; its claim is found by the service's own id. `place`: where the message stood. */
export const signInBegun = event('SignInBegun', {
  claim: blindIndex(),
  service: identifier(),
  place: place(),
});
/** What was decided of it: a challenge, */
export const signInChallenged = event('SignInChallenged', {
  service: identifier(),
  signInId: identifier(),
  challengeRef: uuid(),
  expiresAt: timestamp(),
  hosted: Type.Boolean(),
});
/** or first to enrol, */
export const enrollmentRequired = event('EnrollmentRequired', {
  service: identifier(),
  signInId: identifier(),
  skippable: Type.Boolean(),
  deadline: Type.Optional(timestamp()),
});
/** or no. */
export const signInDenied = event('SignInDenied', {
  service: identifier(),
  signInId: identifier(),
  code: oneOf('not-enrolled'),
});
/** How a sign-in ended, as the service says. */
export const signInReported = event('SignInReported', {
  claim: blindIndex(),
  service: identifier(),
  signInId: identifier(),
  outcome: oneOf('completed', 'failed'),
  place: place(),
});
/** A message that changes nothing: it is parked. */
export const signInMessageRefused = event('SignInMessageRefused', {
  claim: blindIndex(),
  reason: oneOf('malformed', 'unsigned', 'foreign', 'stale', 'replayed', 'unknown-user', 'refused'),
  place: place(),
});

/** Of version 1; before 2026-11-26 what is suspended stood in `state`. */
interface SummaryV1 {
  readonly ledger: {
    readonly batchId?: string;
    readonly spent: readonly number[];
    readonly lastSteps: Readonly<Record<string, number>>;
    readonly lastUsed: Readonly<Record<string, number>>;
    readonly suspended?: readonly string[];
  };
  readonly state?: { readonly locks?: { readonly suspended?: readonly string[] } };
}

export const verificationSummary = event(
  'VerificationSummary',
  {
    foldVersion: count(),
    /** The ledger of what is used up, for every reader. */
    ledger: Type.Object({
      /** By what was held. */
      consumed: Type.Record(
        Type.String(),
        Type.Object({ through: Type.Optional(count()), items: Type.Optional(Type.Array(count())) }),
      ),
      lastUsed: Type.Record(Type.String(), timestamp()),
      /** Factors that are suspended. */
      suspended: Type.Array(uuid()),
      /** What changed of a factor's parameters, by its id; before 2026-11-28 nothing did. */
      learned: Type.Optional(Type.Record(Type.String(), parameters())),
    }),
    /** The rest of the state, for the room itself. */
    state: Type.Unknown(),
  },
  {
    summary: true,
    version: 2,
    upcasters: {
      1: ({ ledger, state, ...rest }: SummaryV1) => {
        const steps = Object.entries(ledger.lastSteps).map(([id, through]) => [id, { through }] as const);
        const codes = ledger.batchId === undefined ? {} : { [ledger.batchId]: { items: ledger.spent } };
        return {
          ...rest,
          ledger: {
            consumed: { ...Object.fromEntries(steps), ...codes },
            lastUsed: ledger.lastUsed,
            suspended: ledger.suspended ?? state?.locks?.suspended ?? [],
          },
          state,
        };
      },
    },
  },
);

export type Ledger = Static<typeof verificationSummary.schema>['ledger'];

export type VerificationFact =
  | EventOf<typeof challengeOpened>
  | EventOf<typeof signInAllowed>
  | EventOf<typeof codeRejected>
  | EventOf<typeof challengePassed>
  | EventOf<typeof challengePrompted>
  | DeliveryFact
  | EventOf<typeof resultTaken>
  | EventOf<typeof passVoided>
  | EventOf<typeof challengeEnded>
  | EventOf<typeof waitStarted>
  | EventOf<typeof factorSuspended>
  | EventOf<typeof cloneSuspected>
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
  challengePrompted,
  resultTaken,
  passVoided,
  challengeEnded,
  waitStarted,
  factorSuspended,
  cloneSuspected,
  waitsCleared,
  signInBegun,
  signInChallenged,
  enrollmentRequired,
  signInDenied,
  signInReported,
  signInMessageRefused,
  verificationSummary,
];
