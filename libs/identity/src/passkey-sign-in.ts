import type { PasskeyChallenge } from '@sparekey/client';
import { IDENTITY_SERVICE, refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { SessionToken } from '@sparekey/access-control';
import type { IdentityRoom } from './identity.room.ts';
import type { SecondStep } from './second-step.ts';
import { permitsPasskeySignIn } from './show-sign-in-options.ts';
import { signInIdOf, startFromResult, verify, type FirstStep } from './sessions.ts';

/** What a browser asks a passkey for, of whoever it is. An unknown domain looks like one that does without. @throws Refusal policy-refused */
export async function openPasskeySignIn(
  room: IdentityRoom,
  secondStep: SecondStep,
  domain: string,
): Promise<PasskeyChallenge> {
  const { policy, services } = (await room.domains.load(domain)).state;
  if (!permitsPasskeySignIn(policy) || !services.has(IDENTITY_SERVICE)) throw refuse('policy-refused');
  return secondStep.openPasskeyChallenge(domain);
}

/** A passkey is both steps in one: the session begins at once. @throws Refusal as the challenge does */
export async function signInByPasskey(
  room: IdentityRoom,
  secondStep: SecondStep,
  originOf: (domain: string, user: string) => Origin,
  { domain, challengeId, credential }: { domain: string; challengeId: string; credential: object },
  context: FirstStep['context'],
): Promise<{ readonly user: string; readonly session: SessionToken }> {
  const result = await secondStep.answerPasskeyChallenge(domain, challengeId, credential);
  const claims = await verify(room, domain, result);
  const user = claims.sub;
  const [{ living }, { epoch }] = await Promise.all([
    room.account(domain, user),
    room.guards.user(domain, user),
  ]);
  const shownAt = claims.auth_time * 1_000;
  const signInId = signInIdOf(room, { domain, user, passwords: living.passwords, epoch, shownAt });
  const origin = originOf(domain, user);
  return { user, session: await startFromResult(room, origin, { ...claims, signInId }, { context }) };
}
