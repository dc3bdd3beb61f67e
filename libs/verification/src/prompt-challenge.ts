import { refuse, settingsOf, type MethodType } from '@sparekey/contracts';
import { factorMethod, proofKind, type Fields, type Prepared } from '@sparekey/factors';
import { requireClock, type Correlation } from '@sparekey/platform';
import { isServed } from './guards.ts';
import { heldBy } from './held.ts';
import type { PromptChallenge } from './commands.ts';
import { admit, verificationDecider } from './verification.ts';
import {
  originOfHolder,
  PREPARED,
  type ChallengeHandle,
  type VerificationRoom,
} from './verification.room.ts';

/**
 * Prepares what a method asks for in this challenge, such as the options of a ceremony. What was prepared for it before is
 * void.
 *
 * @returns what is shown to whoever answers
 * @throws Refusal not-found · challenge-expired · locked · challenge-closed · not-enrolled
 */
export async function promptChallenge(
  room: VerificationRoom,
  challengeId: string,
  method: MethodType,
  correlation: Correlation,
): Promise<Fields> {
  const handle = room.openHandle(challengeId);
  if (factorMethod(method)?.deliversBy)
    throw refuse('not-found', { detail: 'codes of this method are delivered: POST deliveries' });
  return prompt(room, handle, { method }, correlation);
}

/**
 * Makes a code and sends it to where this factor receives codes. One that went out before, in this challenge and by this
 * method, is void.
 *
 * @returns what is shown to whoever answers
 * @throws Refusal not-found · challenge-expired · locked · challenge-closed · not-enrolled · too-many-requests
 */
export async function deliverCode(
  room: VerificationRoom,
  challengeId: string,
  factorId: string,
  correlation: Correlation,
): Promise<Fields> {
  const handle = room.openHandle(challengeId);
  const { user } = await room.guards.load(handle.domain, handle.user);
  const factor = user.factors.find((one) => one.factorId === factorId);
  if (!factor || !factorMethod(factor.kind)?.deliversBy)
    throw refuse('not-enrolled', { detail: 'codes are delivered for no such factor' });
  return prompt(room, handle, { method: factor.kind as MethodType, factorId }, correlation);
}

async function prompt(
  room: VerificationRoom,
  handle: ChallengeHandle,
  { method, factorId }: { readonly method: MethodType; readonly factorId?: string },
  correlation: Correlation,
): Promise<Fields> {
  requireClock(room.ports.clock);
  const { domain, user, challengeRef } = handle;
  const preparation = (await proofKind(method))?.preparation;
  if (!preparation) throw refuse('not-found', { detail: 'this method asks for nothing beforehand' });
  const randomBytes = room.ports.random.bytes(preparation.randomBytes);
  let shown: Fields = {};
  await room.change(originOfHolder(handle, correlation), async ({ state, at, eventId }) => {
    const guard = await room.guards.load(domain, user);
    const { epoch } = guard.user;
    const challenge = admit(state, { challengeRef, method, factorId, at, epoch });
    if (!isServed(guard, challenge)) throw refuse('challenge-closed');
    const held = heldBy(guard, state.ledger, challenge.purpose).filter(
      (one) => one.method === method && (factorId ?? one.holder) === one.holder,
    );
    if (held.length === 0) throw refuse('not-enrolled');
    const prepared = await preparation.prepare({
      settings: settingsOf(guard.domain.policy, method) ?? {},
      held: await Promise.all(
        held.map(async (one) => ({ parameters: one.parameters, secret: await room.secret(handle, one) })),
      ),
      randomBytes,
      relyingParty: room.ceremonyOf(handle).relyingParty,
    });
    shown = prepared.shown;
    const command = {
      type: 'PromptChallenge',
      challengeRef,
      method,
      ...(await sealPrepared(room, handle, prepared, eventId)),
      ...(factorId !== undefined && { factorId }),
      at,
    } as const;
    return verificationDecider.decide(command, state);
  });
  return shown;
}

/** @param eventId of the nth event of the append: the first says what was prepared, the second that a code goes out */
async function sealPrepared(
  { ports: { vault } }: VerificationRoom,
  { domain, user }: ChallengeHandle,
  { shown, expected, deliver }: Prepared,
  eventId: (n: number) => string,
): Promise<Pick<PromptChallenge, 'prepared' | 'deliver'>> {
  const subject = { domain, user };
  const prepared = await vault.seal(subject, 'factor', JSON.stringify({ shown, expected }), {
    eventId: eventId(0),
    field: PREPARED,
  });
  if (!deliver) return { prepared };
  const { to, code, seconds } = deliver;
  const delivery = await vault.seal(subject, 'message', JSON.stringify({ to, code }), {
    eventId: eventId(1),
    field: 'delivery',
  });
  return { prepared, deliver: { delivery, seconds } };
}
