import type { Envelope } from '@sparekey/event-sourcing';
import { EVENT_CATALOGUE } from './codec.ts';
import type { FactType } from './fact.ts';

/** What of an event crosses the bus to internal services, and under which name. */
export interface Published {
  /** Where it is called otherwise than it is stored. */
  readonly as?: string;
  /** Fields of the stored data. Sealed values, digests and hashes are never among them. */
  readonly fields: readonly string[];
}

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
  ChallengePassed: published('challengeRef', 'method', 'factorId', 'batchId', 'index'),
  PassVoided: { as: 'challenge-failed', fields: ['challengeRef'] },
  ChallengeEnded: { as: 'challenge-failed', fields: ['challengeRef', 'reason'] },
  WaitStarted: published('failures', 'until'),
  FactorSuspended: published('factorId'),
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
  const { fields } = PUBLISHED[event.type as FactType] ?? { fields: [] };
  const stored = event.data as Readonly<Record<string, unknown>>;
  const data = Object.fromEntries(
    fields.filter((name) => stored[name] !== undefined).map((name) => [name, stored[name]]),
  );
  const { challengeRef } = data;
  return {
    id: event.id,
    context,
    type: cloudEventType(context, event.type, event.version),
    source: `/domains/${event.domain}`,
    ...(event.subject !== undefined && { subject: event.subject }),
    time: new Date(event.time).toISOString(),
    ...(typeof challengeRef === 'string' && { challengeref: challengeRef }),
    data,
    isPublic: event.type in PUBLISHED,
  };
}
