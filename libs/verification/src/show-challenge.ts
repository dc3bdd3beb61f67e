import { preferredOf, verificationStream, refuse } from '@sparekey/contracts';
import type { Correlation } from '@sparekey/platform';
import { throttleOf } from './locks.ts';
import { offeredOf, offers } from './open-challenge.ts';
import { verificationDecider } from './verification.ts';
import type { Challenge } from './challenges.ts';
import { originOfHolder, type ChallengeHandle, type VerificationRoom } from './verification.room.ts';

/** How the challenge stands, for its holder. */
export async function showChallenge(room: VerificationRoom, challengeId: string) {
  const handle = room.openHandle(challengeId);
  const { domain, user, challengeRef, expiresAt } = handle;
  const [guard, { state }] = await Promise.all([
    room.guards.load(domain, user),
    room.verifications.load(verificationStream(domain, user)),
  ]);
  const challenge = state.challenges[challengeRef];
  if (!challenge)
    throw refuse('not-found', { detail: 'this challenge is not known, or newer ones took its place' });
  const dead = challenge.state === 'open' && challenge.epoch !== guard.user.epoch;
  const offered = offeredOf(guard, state, challenge.purpose).filter(
    ({ method }) => !challenge.waited || throttleOf(method) === 'never',
  );
  const failed = challenge.state === 'open' && challenge.waited === true && offered.length === 0;
  const open = challenge.state === 'open' && !dead && !failed;
  const methods = open ? await offers(room, handle, offered, state) : [];
  const factors = offered.filter(({ isFactor }) => isFactor);
  const first = preferredOf(factors, guard.user.defaultFactor, room.ports.clock.now());
  const preferred = methods[offered.indexOf(first!)] ?? methods[0];
  return {
    state: dead ? ('voided' as const) : failed ? ('failed' as const) : challenge.state,
    purpose: challenge.purpose,
    service: guard.domain.services.get(challenge.service)?.displayName ?? challenge.service,
    startedAt: new Date(challenge.openedAt).toISOString(),
    ...(await contextOf(room, handle, challenge)),
    ...(challenge.hosted && { returnTo: backTo(challenge.hosted.returnUrl, challenge.signInId) }),
    methods,
    ...(preferred && { preferred }),
    attemptsLeft: open ? Math.max(0, guard.domain.policy.challenge.attempts - challenge.rejected) : 0,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** Where the person came from: without a code, so that the service sees that nothing was passed. */
function backTo(returnUrl: string, signInId: string | undefined): string {
  const url = new URL(returnUrl);
  if (signInId !== undefined) url.searchParams.set('signInId', signInId);
  return url.href;
}

/** From where the first step was done, as the service saw it. */
async function contextOf(
  { ports }: VerificationRoom,
  { domain, user }: ChallengeHandle,
  { context }: Challenge,
): Promise<{ context?: { ip?: string; userAgent?: string } }> {
  if (!context) return {};
  const place = { eventId: context.eventId, field: 'context' };
  const opened = await ports.vault.open({ domain, user }, 'context', context.value, place);
  return { context: JSON.parse(opened) as { ip?: string; userAgent?: string } };
}

/** "I did not start this", or a service that gave up. */
export async function cancelChallenge(
  room: VerificationRoom,
  challengeId: string,
  correlation: Correlation,
): Promise<void> {
  const handle = room.openHandle(challengeId);
  const command = { type: 'CancelChallenge', challengeRef: handle.challengeRef } as const;
  await room.change(originOfHolder(handle, correlation), async ({ state }) =>
    verificationDecider.decide(command, state),
  );
}
