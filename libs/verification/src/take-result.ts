import { createHash } from 'node:crypto';
import { refuse, verificationStream } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { recheckGuards } from './answer-challenge.ts';
import { stillHolds } from './guards.ts';
import { signResult } from './sign-result.ts';
import { verificationDecider } from './verification.ts';
import type { VerificationRoom } from './verification.room.ts';

export interface TakeResult {
  /** The registered service that asks. */
  readonly service: string;
  /** What the person's browser brought along. */
  readonly code: string;
  /** What the browser that did the first step has kept (RFC 7636). */
  readonly codeVerifier: string;
}

/**
 * The result of a hosted challenge, once, for the service that opened it, where the browser that came back is the one
 * that set out. A wrong verifier spends nothing.
 *
 * @throws Refusal not-found · challenge-expired · code-rejected · result-taken · challenge-closed
 */
export async function takeResult(
  room: VerificationRoom,
  origin: Origin,
  { service, code, codeVerifier }: TakeResult,
): Promise<{ result: string }> {
  const handle = room.openResultCode(code);
  const { domain, user, challengeRef } = handle;
  if (domain !== origin.domain) throw refuse('not-found', { detail: 'there is no such result' });
  const { state } = await room.verifications.load(verificationStream(domain, user));
  const challenge = state.challenges[challengeRef];
  if (!challenge?.hosted || !challenge.passed || challenge.service !== service)
    throw refuse('not-found', { detail: 'there is no such result' });
  const digest = createHash('sha256').update(codeVerifier).digest('base64url');
  if (digest !== challenge.hosted.codeChallenge) throw refuse('code-rejected');
  const { proof, at } = challenge.passed;
  const guard = await room.guards.load(domain, user);
  if (!stillHolds(guard, challenge, proof)) throw refuse('challenge-closed');
  const subject = { ...origin, subject: user };
  await room.change(subject, async ({ state }) =>
    verificationDecider.decide({ type: 'TakeResult', challengeRef }, state),
  );
  await recheckGuards(room, subject, handle, guard, challenge, proof);
  return { result: await signResult(room, handle, challenge, proof, at) };
}
