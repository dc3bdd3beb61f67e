import { claimStream, codec, refuse, type VerificationFact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import type { VerificationRoom } from './verification.room.ts';

/** What was decided of a sign-in that began by event. */
export type SignInShown =
  | { readonly decision: 'pending' }
  | {
      readonly decision: 'challenge';
      readonly challengeId: string;
      readonly expiresAt: string;
      readonly url?: string;
    }
  | { readonly decision: 'enroll'; readonly skippable: boolean; readonly deadline?: string }
  | { readonly decision: 'deny'; readonly code: string };

/**
 * For the service that began it, and no other: others get `not-found`.
 *
 * @throws Refusal not-found
 */
export async function showSignIn(
  room: VerificationRoom,
  domain: string,
  service: string,
  signInId: string,
): Promise<SignInShown> {
  const digest = room.ports.blindIndex.of('sign-in', 'started', domain, service, signInId);
  const said = await room.ports.store.read(claimStream(digest));
  if (said.length === 0) throw refuse('not-found', { detail: 'no such sign-in has been heard of' });
  const [, decided] = said.map((event) => codec.decode(event) as Envelope & VerificationFact);
  switch (decided?.type) {
    case 'SignInChallenged': {
      const { challengeRef, expiresAt, hosted } = decided.data;
      const challengeId = room.sealHandle({ domain, user: decided.subject!, challengeRef, expiresAt });
      const url = hosted && { url: `${room.publicUrl}/challenge#${challengeId}` };
      return { decision: 'challenge', challengeId, expiresAt: new Date(expiresAt).toISOString(), ...url };
    }
    case 'EnrollmentRequired': {
      const { skippable, deadline } = decided.data;
      const until = deadline !== undefined && { deadline: new Date(deadline).toISOString() };
      return { decision: 'enroll', skippable, ...until };
    }
    case 'SignInDenied':
      return { decision: 'deny', code: decided.data.code };
    default:
      return { decision: 'pending' };
  }
}
