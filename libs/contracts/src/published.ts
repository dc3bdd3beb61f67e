import type { Envelope } from '@sparekey/event-sourcing';
import { CODES } from '@sparekey/factors';
import Type, { type TObject } from 'typebox';
import { EVENT_CATALOGUE } from './codec.ts';
import { count, uuid, identifier } from './event.ts';
import type { Fact, FactType } from './fact.ts';

/** What of an event crosses the bus to internal services, and under which name. */
export interface Published {
  /** Where it is called otherwise than it is stored. */
  readonly as?: string;
  /** Fields of the stored data. Sealed values, digests and hashes are never among them. */
  readonly fields: readonly string[];
  /** Where it goes on being said as it once was stored: that version, its schema, and how it is made of today's data. */
  readonly form?: {
    readonly version: number;
    readonly schema: TObject;
    readonly of: (data: never) => object;
  };
}

type Passed = Extract<Fact, { type: 'ChallengePassed' }>['data'];

/** What a pass was by: a factor, or a set of codes and the number of one. */
export const heldOf = ({ method, holder, consumes }: Pick<Passed, 'method' | 'holder' | 'consumes'>) =>
  Object.hasOwn(CODES, method)
    ? { batchId: holder, ...(consumes.item !== undefined && { index: consumes.item }) }
    : { factorId: holder };

const passedV1 = {
  version: 1,
  schema: Type.Object({
    challengeRef: uuid(),
    method: identifier(),
    factorId: Type.Optional(uuid()),
    batchId: Type.Optional(uuid()),
    index: Type.Optional(count()),
  }),
  of: (data: Passed) => ({ ...data, ...heldOf(data) }),
};

const published = (...fields: readonly string[]): Published => ({ fields });

/** Storage is not an API: what is not named here goes to nobody but Sparekey itself, and then without its data. */
export const PUBLISHED: Readonly<Partial<Record<FactType, Published>>> = {
  ServiceRegistered: published('service', 'displayName'),
  ServiceRemoved: published('service'),
  RolesChanged: published('user', 'roles'),
  UserRegistered: published(),
  FactorConfirmed: published('factorId'),
  FactorRemoved: published('factorId'),
  TwoStepEnabled: published(),
  TwoStepDisabled: published('epoch'),
  RecoveryCodesGenerated: published('batchId', 'epoch', 'total'),
  RecoveryCodesRevoked: published('batchId'),
  ChallengeOpened: published('challengeRef', 'purpose', 'service', 'signInId', 'expiresAt'),
  SignInAllowed: published('challengeRef', 'purpose', 'service', 'signInId'),
  EnrollmentRequired: published('service', 'signInId', 'skippable', 'deadline'),
  SignInDenied: published('service', 'signInId', 'code'),
  ChallengePassed: { fields: ['challengeRef', 'method', 'factorId', 'batchId', 'index'], form: passedV1 },
  PassVoided: { as: 'challenge-failed', fields: ['challengeRef'] },
  ChallengeEnded: { as: 'challenge-failed', fields: ['challengeRef', 'reason'] },
  WaitStarted: published('failures', 'until'),
  FactorSuspended: published('factorId'),
  CloneSuspected: published('challengeRef', 'factorId', 'service'),
  WaitsCleared: published(),
  PasswordSet: published(),
  PasswordWithdrawn: published(),
  SessionEnded: published('sessionId', 'reason'),
};

/** CloudEvents 1.0, without what is the same in all of them. */
export interface CloudEvent {
  readonly id: string;
  /** Which context says it: the name of its topic. */
  readonly context: string;
  readonly type: string;
  /** `/domains/{domain}` */
  readonly source: string;
  /** The user it is about. */
  readonly subject?: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** Extension: the plain id of the challenge it belongs to. */
  readonly challengeref?: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Internal services may see it. */
  readonly isPublic: boolean;
}

const contexts = new Map(
  Object.entries(EVENT_CATALOGUE).flatMap(([context, types]) =>
    types.filter(({ summary }) => !summary).map(({ type }) => [type, context] as const),
  ),
);

const kebab = (type: string): string => type.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();

/** `type` of the CloudEvent that says this event. */
export const cloudEventType = (context: string, type: string, version: number): string =>
  `dev.sparekey.${context}.${PUBLISHED[type as FactType]?.as ?? kebab(type)}.v${version}`;

/** @returns nothing for what is never said, such as summaries */
export function cloudEventOf(event: Envelope): CloudEvent | undefined {
  const context = contexts.get(event.type);
  if (context === undefined) return undefined;
  const { fields, form }: Published = PUBLISHED[event.type as FactType] ?? { fields: [] };
  const stored = (form ? form.of(event.data as never) : event.data) as Readonly<Record<string, unknown>>;
  const data = Object.fromEntries(
    fields.filter((name) => stored[name] !== undefined).map((name) => [name, stored[name]]),
  );
  const { challengeRef } = data;
  return {
    id: event.id,
    context,
    type: cloudEventType(context, event.type, form?.version ?? event.version),
    source: `/domains/${event.domain}`,
    ...(event.subject !== undefined && { subject: event.subject }),
    time: new Date(event.time).toISOString(),
    ...(typeof challengeRef === 'string' && { challengeref: challengeRef }),
    data,
    isPublic: event.type in PUBLISHED,
  };
}
