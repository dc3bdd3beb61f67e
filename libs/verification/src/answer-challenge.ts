import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { requireClock, type Correlation } from '@sparekey/platform';
import type { Challenge } from './challenges.ts';
import { checkCode, factorOf, type Submitted } from './check-code.ts';
import { isServed, stillHolds, type Guard } from './guards.ts';
import { signResult } from './sign-result.ts';
import type { Spent } from './spent.ts';
import { admit, verificationDecider } from './verification.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';

/** The signed result, for whoever held the challenge; of a hosted one, where to go, where the result is fetched. */
export type Passed =
  | { readonly state: 'passed'; readonly result: string }
  | { readonly state: 'passed'; readonly redirectTo: string };

/**
 * Gather, decide, append, second look, sign.
 *
 * @throws Refusal not-found · challenge-expired · locked · challenge-closed · code-rejected with `attemptsLeft`
 */
export async function answerChallenge(
  room: VerificationRoom,
  challengeId: string,
  submitted: Submitted,
  correlation: Correlation,
): Promise<Passed> {
  requireClock(room.ports.clock);
  const handle = room.openHandle(challengeId);
  const origin = originOfHolder(handle, correlation);
  let seen: Guard | undefined;
  const { events, state } = await room.change(origin, async ({ state, at }) => {
    const guard = (seen = await room.guards.load(handle.domain, handle.user));
    const { challengeRef } = handle;
    const factorId = factorOf(guard, submitted, state.locks)?.factorId;
    const { method } = submitted;
    const challenge = admit(state, { challengeRef, method, factorId, at, epoch: guard.user.epoch });
    if (!isServed(guard, challenge)) throw refuse('challenge-closed');
    const spent = await checkCode(room, handle, guard, state, submitted, at);
    const { policy } = guard.domain;
    const command = {
      type: 'Answer',
      challengeRef,
      method,
      factorId,
      spent,
      guards: guard.revisions,
      policy,
      at,
    } as const;
    return verificationDecider.decide(command, state);
  });
  const [event] = events;
  if (event?.type !== 'ChallengePassed') {
    room.metrics.answers.labels(submitted.method, 'rejected').inc();
    throw refuse('code-rejected', {
      attemptsLeft: event?.type === 'CodeRejected' ? event.data.attemptsLeft : 0,
    });
  }
  const challenge = state.challenges[handle.challengeRef]!;
  await secondLook(room, origin, handle, seen!, challenge, event.data as Spent);
  room.metrics.answers.labels(submitted.method, 'passed').inc();
  if (challenge.hosted) return { state: 'passed', redirectTo: room.redirectTo(handle, challenge) };
  return { state: 'passed', result: await signResult(room, handle, challenge, submitted.method, event.time) };
}

/**
 * What the pass rested on may have been taken back, and that acknowledged, while it was being recorded. Then the pass is
 * voided, and no result is signed.
 */
export async function secondLook(
  room: VerificationRoom,
  origin: Origin,
  { domain, user, challengeRef }: ChallengeHandle,
  seen: Guard,
  challenge: Challenge,
  spent: Spent,
): Promise<void> {
  if (!(await room.guards.moved(domain, user, seen.revisions))) return;
  if (stillHolds(await room.guards.load(domain, user), challenge, spent)) return;
  await room.change(origin, async ({ state }) =>
    verificationDecider.decide({ type: 'VoidPass', challengeRef }, state),
  );
  room.metrics.answers.labels(spent.method, 'voided').inc();
  throw refuse('challenge-closed');
}

/** Who answers is the user, as far as the challenge id proves it: it was handed to whoever did the first step. */
export function originOfHolder({ domain, user }: ChallengeHandle, correlation: Correlation): Origin {
  return { domain, subject: user, actor: { kind: 'user', id: user }, ...correlation };
}
