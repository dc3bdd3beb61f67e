import { refuse, verificationStream, type Method, type Purpose } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { isUsable, livingCodes, type Guard } from './guards.ts';
import { waitsUntil } from './locks.ts';
import { verificationDecider, type Verification } from './verification.ts';
import type { VerificationRoom } from './verification.room.ts';

export interface ChallengeRequest {
  readonly purpose: Purpose;
  /** The registered service that asks. */
  readonly service: string;
  readonly signInId?: string;
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  readonly context?: { readonly ip?: string; readonly userAgent?: string };
}

/** A way to answer. */
export interface MethodOffer {
  readonly method: Method;
  readonly factorId?: string;
  readonly name?: string;
  /** Not before then (RFC 3339): too many failures. */
  readonly lockedUntil?: string;
}

export type Decision =
  | {
      readonly decision: 'challenge';
      readonly challengeId: string;
      readonly methods: readonly MethodOffer[];
      readonly preferred: MethodOffer;
      readonly expiresAt: string;
    }
  | { readonly decision: 'enroll'; readonly skippable: boolean }
  | { readonly decision: 'deny'; readonly code: 'not-enrolled' };

/** Decides what a service that has done its first step needs next for this user. */
export async function openChallenge(
  room: VerificationRoom,
  origin: Origin,
  request: ChallengeRequest,
): Promise<Decision> {
  const { domain, subject: user = '' } = origin;
  const { clock, random, vault } = room.ports;
  const guard = await room.guards.load(domain, user);
  if (!guard.user.known) throw refuse('not-found');
  if (request.purpose === 'account-recovery') {
    throw refuse('policy-refused', { detail: 'this domain permits no recovery factor' });
  }
  const { policy } = guard.domain;
  if (!guard.user.twoStep) return { decision: 'enroll', skippable: policy.enrollment.mode === 'optional' };
  const { state } = await room.verifications.load(verificationStream(domain, user));
  const methods = await offers(room, { domain, user }, guard, state);
  const [first] = methods;
  if (!first) return { decision: 'deny', code: 'not-enrolled' };

  const challengeRef = random.uuid();
  const expiresAt = clock.now() + policy.challenge.seconds * 1_000;
  const { purpose, service, signInId, firstFactor, context } = request;
  await room.change(origin, async ({ state, at, eventId }) => {
    const place = { eventId: eventId(0), field: 'context' };
    const sealed = context && {
      context: await vault.seal({ domain, user }, 'context', JSON.stringify(context), place),
    };
    const details = {
      ...(signInId !== undefined && { signInId }),
      ...(firstFactor && { firstFactor }),
      ...sealed,
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
  const offered = methods.flatMap(({ factorId }) =>
    factorId === undefined ? [] : [guard.user.factors[factorId]!],
  );
  await Promise.all(offered.map((factor) => room.secret(domain, user, factor)));
  return {
    decision: 'challenge',
    challengeId: room.sealHandle({ domain, user, challengeRef, expiresAt }),
    methods,
    preferred:
      methods.find(({ factorId }) => factorId !== undefined && factorId === guard.user.defaultFactor) ??
      first,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** The ways to answer that the user has, the strongest first, with what each has to wait for. */
export async function offers(
  room: VerificationRoom,
  owner: { readonly domain: string; readonly user: string },
  guard: Guard,
  { locks, ledger }: Verification,
): Promise<MethodOffer[]> {
  const at = room.ports.clock.now();
  const locked = (method: Method) => {
    const until = waitsUntil(locks, method, at);
    return until === undefined ? {} : { lockedUntil: new Date(until).toISOString() };
  };
  const usable = Object.values(guard.user.factors).filter(
    (factor) => isUsable(factor, guard.domain.policy) && !locks.suspended.includes(factor.factorId),
  );
  const factors = usable.map(async ({ factorId, kind, name }) => {
    const method = kind as Method;
    const context = name && { eventId: name.eventId, field: 'name' };
    const shown = context && { name: await room.ports.vault.open(owner, 'contact', name.value, context) };
    return { method, factorId, ...shown, ...locked(method) };
  });
  const codes = livingCodes(guard);
  const spent = codes && ledger.batchId === codes.batchId ? ledger.spent.length : 0;
  const recovery =
    codes && codes.total > spent ? [{ method: 'recovery-code' as const, ...locked('recovery-code') }] : [];
  return [...(await Promise.all(factors)), ...recovery];
}
