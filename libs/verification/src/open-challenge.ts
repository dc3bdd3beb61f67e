import { addressPrefix } from '@sparekey/canonical';
import {
  enrollmentDeadline,
  preferredOf,
  refuse,
  verificationStream,
  type MethodType,
  type Purpose,
} from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { Hosted } from './challenges.ts';
import type { Guard } from './guard.ts';
import { isSkipped } from './guards.ts';
import { heldBy, isLeft, type Held } from './held.ts';
import { waitsUntil } from './locks.ts';
import { signAllowed } from './sign-result.ts';
import { verificationDecider, type Verification } from './verification.ts';
import type { VerificationRoom } from './verification.room.ts';

export interface ChallengeRequest {
  readonly purpose: Purpose;
  /** The registered service that asks. */
  readonly service: string;
  readonly signInId?: string;
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  /** `browser`: in which this user has signed in before, by the service's own name for it. */
  readonly context?: { readonly ip?: string; readonly userAgent?: string; readonly browser?: string };
  /** Both, for a challenge that is answered on a page of Sparekey's. */
  readonly returnUrl?: string;
  readonly codeChallenge?: string;
}

/** A way to answer. */
export interface MethodOffer {
  readonly method: MethodType;
  readonly factorId?: string;
  readonly name?: string;
  /** How many its code has, where it always has as many. */
  readonly digits?: number;
  /** Not before then (RFC 3339): too many failures. */
  readonly lockedUntil?: string;
}

export type Decision =
  | {
      readonly decision: 'challenge';
      readonly challengeId: string;
      /** Its plain id, which is no secret. */
      readonly challengeRef: string;
      readonly methods: readonly MethodOffer[];
      readonly preferred: MethodOffer;
      readonly expiresAt: string;
      /** Where the person answers it, with `returnUrl`. */
      readonly url?: string;
    }
  | { readonly decision: 'allow'; readonly result: string }
  | { readonly decision: 'enroll'; readonly skippable: boolean; readonly deadline?: string }
  | { readonly decision: 'deny'; readonly code: 'not-enrolled' };

/** Decides what a service that has done its first step needs next for this user. */
export async function openChallenge(
  room: VerificationRoom,
  origin: Origin,
  request: ChallengeRequest,
): Promise<Decision> {
  const { domain, subject: user = '' } = origin;
  const guard = await room.guards.load(domain, user);
  if (!guard.user.contacts)
    throw refuse('not-found', { detail: 'there is no such user in this domain: PUT users/{user} makes one' });
  const hosted = hostedPart(request, guard);
  const now = room.ports.clock.now();
  if (!guard.user.twoStep && request.purpose !== 'account-recovery') {
    if (!isSkipped(guard, request, now)) return enroll(guard, now);
    return (await allow(room, origin, request, guard)) ?? openChallenge(room, origin, request);
  }
  const { state } = await room.verifications.load(verificationStream(domain, user));
  const offered = offeredOf(guard, state, request.purpose);
  const methods = await offers(room, { domain, user }, offered, state);
  const [first] = methods;
  if (!first && request.purpose === 'account-recovery')
    throw refuse('policy-refused', { detail: 'this domain permits no recovery factor that the user has' });
  if (!first) return { decision: 'deny', code: 'not-enrolled' };
  const opened = await open(room, origin, request, guard, hosted);
  const factors = offered.filter(({ isFactor }) => isFactor);
  const preferred = preferredOf(factors, guard.user.defaultFactor, now);
  await Promise.all(factors.map((held) => room.secret({ domain, user }, held)));
  return {
    decision: 'challenge',
    ...opened,
    methods,
    preferred: methods[offered.indexOf(preferred!)] ?? first,
    ...(hosted && { url: `${room.publicUrl}/challenge#${opened.challengeId}` }),
  };
}

/** @throws Refusal `validation-failed` where the address is not, character for character, one that is registered */
function hostedPart({ service, signInId, returnUrl, codeChallenge }: ChallengeRequest, { domain }: Guard) {
  if (returnUrl === undefined && codeChallenge === undefined) return undefined;
  const fault = (field: string, message: string) =>
    refuse('validation-failed', { errors: [{ field, message }] });
  if (returnUrl === undefined) throw fault('codeChallenge', 'goes with returnUrl');
  if (codeChallenge === undefined) throw fault('returnUrl', 'goes with codeChallenge');
  if (signInId === undefined) throw fault('signInId', 'goes with returnUrl');
  if (!domain.services.get(service)?.returnUrls.includes(returnUrl))
    throw fault('returnUrl', 'is none of the addresses registered for this service');
  return { returnUrl, codeChallenge };
}

function enroll({ domain: { policy }, user }: Guard, now: number): Decision {
  const deadline = enrollmentDeadline(policy, user.registeredAt);
  const isAhead = deadline > now;
  return {
    decision: 'enroll',
    skippable: isAhead,
    ...(isAhead && deadline < Infinity && { deadline: new Date(deadline).toISOString() }),
  };
}

/** @returns nothing where what it rests on was taken back before the result could be signed */
async function allow(
  room: VerificationRoom,
  origin: Origin,
  { purpose, service, signInId = '', firstFactor }: ChallengeRequest,
  { revisions }: Guard,
): Promise<Decision | undefined> {
  const { domain, subject: user = '' } = origin;
  const challengeRef = room.ports.random.uuid();
  const allowed = {
    type: 'AllowSignIn',
    challengeRef,
    purpose,
    service,
    signInId,
    guards: revisions,
  } as const;
  await room.change(origin, async ({ state }) => verificationDecider.decide(allowed, state));
  const at = room.ports.clock.now();
  if (await room.guards.moved(domain, user, revisions)) {
    const again = await room.guards.load(domain, user);
    if (!again.domain.services.has(service) || !isSkipped(again, { purpose, service, signInId }, at)) {
      const voided = { type: 'VoidSignIn', challengeRef } as const;
      await room.change(origin, async ({ state }) => verificationDecider.decide(voided, state));
      return undefined;
    }
  }
  const statement = { purpose, service, signInId, amr: firstFactor?.amr ?? [], at };
  return { decision: 'allow', result: await signAllowed(room, { domain, user, challengeRef }, statement) };
}

async function open(
  room: VerificationRoom,
  origin: Origin,
  { purpose, service, signInId, firstFactor, context }: ChallengeRequest,
  guard: Guard,
  hosted: Hosted | undefined,
): Promise<{ challengeId: string; challengeRef: string; expiresAt: string }> {
  const { domain, subject: user = '' } = origin;
  const { clock, blindIndex, random, vault } = room.ports;
  const challengeRef = random.uuid();
  const { browser, ...shown } = context ?? {};
  const share = blindIndex.of(
    'challenge-share',
    domain,
    user,
    service,
    browser ?? '',
    browser ? '' : prefixOf(shown.ip),
  );
  const expiresAt = clock.now() + guard.domain.policy.challenge.seconds * 1_000;
  await room.change(origin, async ({ state, at, eventId }) => {
    const place = { eventId: eventId(0), field: 'context' };
    const sealed = context && {
      context: await vault.seal({ domain, user }, 'context', JSON.stringify(shown), place),
    };
    const details = {
      ...(signInId !== undefined && { signInId }),
      ...(firstFactor && { firstFactor }),
      ...(hosted && { hosted }),
      ...sealed,
      share,
      ...(browser !== undefined && { known: true as const }),
    };
    const { epoch } = guard.user;
    const command = {
      type: 'OpenChallenge',
      challengeRef,
      purpose,
      service,
      ...details,
      epoch,
      expiresAt,
      at,
    } as const;
    return verificationDecider.decide(command, state);
  });
  const challengeId = room.sealHandle({ domain, user, challengeRef, expiresAt });
  return { challengeId, challengeRef, expiresAt: new Date(expiresAt).toISOString() };
}

const prefixOf = (ip: string | undefined): string => (ip === undefined ? '' : addressPrefix(ip));

/** What a user may answer with, and has something left of. */
export const offeredOf = (guard: Guard, { ledger }: Verification, purpose: Purpose): Held[] =>
  heldBy(guard, ledger, purpose).filter(isLeft);

/** The ways to answer, the strongest first, with what each has to wait for. */
export function offers(
  room: VerificationRoom,
  owner: { readonly domain: string; readonly user: string },
  offered: readonly Held[],
  { locks }: Verification,
): Promise<MethodOffer[]> {
  const at = room.ports.clock.now();
  const locked = (method: MethodType) => {
    const until = waitsUntil(locks, method, at);
    return until === undefined ? {} : { lockedUntil: new Date(until).toISOString() };
  };
  return Promise.all(
    offered.map(async ({ method, holder, isFactor, name, parameters: { digits } }) => {
      const context = name && { eventId: name.eventId, field: 'name' };
      const shown = context && { name: await room.ports.vault.open(owner, 'contact', name.value, context) };
      const length = typeof digits === 'number' && { digits };
      return { method, ...(isFactor && { factorId: holder }), ...shown, ...length, ...locked(method) };
    }),
  );
}
