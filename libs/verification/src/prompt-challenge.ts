import { refuse, settingsOf, type MethodType } from '@sparekey/contracts';
import { proofKind, type Fields, type Prepared } from '@sparekey/factors';
import { requireClock, type Correlation } from '@sparekey/platform';
import type { Challenge } from './challenges.ts';
import { isServed } from './guards.ts';
import { heldBy, type Held } from './held.ts';
import { admit, verificationDecider } from './verification.ts';
import { originOfHolder, type ChallengeHandle, type VerificationRoom } from './verification.room.ts';

/** What is prepared is sealed in the event that says so. */
const FIELD = 'prepared';

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
  requireClock(room.ports.clock);
  const handle = room.openHandle(challengeId);
  const { domain, user, challengeRef } = handle;
  const preparation = (await proofKind(method))?.preparation;
  if (!preparation) throw refuse('not-found', { detail: 'this method asks for nothing beforehand' });
  const randomBytes = room.ports.random.bytes(preparation.randomBytes);
  let shown: Fields = {};
  await room.change(originOfHolder(handle, correlation), async ({ state, at, eventId }) => {
    const guard = await room.guards.load(domain, user);
    const challenge = admit(state, {
      challengeRef,
      method,
      factorId: undefined,
      at,
      epoch: guard.user.epoch,
    });
    if (!isServed(guard, challenge)) throw refuse('challenge-closed');
    const held = heldBy(guard, state.ledger, challenge.purpose).filter((one) => one.method === method);
    if (held.length === 0) throw refuse('not-enrolled');
    const settings = settingsOf(guard.domain.policy, method) ?? {};
    const prepared = preparation.prepare({
      settings,
      held: held.map(({ parameters }) => parameters),
      randomBytes,
    });
    shown = prepared.shown;
    const context = { eventId: eventId(0), field: FIELD };
    const sealed = await room.ports.vault.seal({ domain, user }, 'factor', JSON.stringify(prepared), context);
    return verificationDecider.decide(
      { type: 'PromptChallenge', challengeRef, method, prepared: sealed },
      state,
    );
  });
  return shown;
}

/** What an answer is compared with, where its method was prompted for in this challenge. */
export async function expectedOf(
  { ports }: VerificationRoom,
  { domain, user }: Pick<ChallengeHandle, 'domain' | 'user'>,
  { prompts }: Challenge,
  { method }: Held,
): Promise<string | undefined> {
  const prompt = prompts?.[method];
  if (!prompt) return undefined;
  const context = { eventId: prompt.eventId, field: FIELD };
  const opened = await ports.vault.open({ domain, user }, 'factor', prompt.value, context);
  return (JSON.parse(opened) as Prepared).expected;
}
