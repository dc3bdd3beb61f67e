import {
  claimStream,
  isWholeSignIn,
  readFacts,
  refuse,
  settingsOf,
  type FactorClaimFact,
} from '@sparekey/contracts';
import { factorTypes, proofKind, type FactorKind, type Fields } from '@sparekey/factors';
import { requireClock, type Correlation } from '@sparekey/platform';
import { checkAnswer, recheckGuards } from './answer-challenge.ts';
import type { Guard } from './guard.ts';
import { heldBy, heldFor, type Submitted } from './held.ts';
import { PASSKEY_CHALLENGE } from './sealed-tokens.ts';
import { signResult } from './sign-result.ts';
import { verificationDecider } from './verification.ts';
import { originOfHolder, type ChallengeHandle, type VerificationRoom } from './verification.room.ts';

/*
 * A sign-in of somebody who has said no name: a passkey that verifies its user says who they are, and is two factors in one.
 *
 * - Nothing is stored until it is answered: what was asked for stands sealed in the id of the challenge.
 * - It is answered once: the answer opens the challenge and passes it in one append to the person's stream.
 * - Whose it is, the claim of the credential tells; that it is theirs, the user handle that the authenticator keeps, and its key.
 * - Whatever is wrong with an answer, it looks the same, and of somebody unknown nothing is recorded.
 */

export interface PasskeyChallenge {
  /** Whoever holds it may answer. */
  readonly challengeId: string;
  /** What the browser takes. */
  readonly options: Fields;
  /** RFC 3339. */
  readonly expiresAt: string;
}

const refusedByPolicy = () =>
  refuse('policy-refused', { detail: 'in this domain a passkey alone does not sign in' });

/** @throws Refusal policy-refused · not-found */
export async function openPasskeyChallenge(
  room: VerificationRoom,
  domain: string,
  service: string,
): Promise<PasskeyChallenge> {
  const { policy } = (await room.domains.load(domain)).state;
  const type = factorTypes().find((one) => isWholeSignIn(policy, one));
  if (!type) throw refusedByPolicy();
  const { preparation } = (await proofKind(type))!;
  const { random, clock, sealedTokens } = room.ports;
  const { shown, expected } = await preparation!.prepare({
    settings: settingsOf(policy, type)!,
    held: [],
    randomBytes: random.bytes(preparation!.randomBytes),
    relyingParty: room.ceremonyOf({ domain, user: '' }).relyingParty,
  });
  const expiresAt = clock.now() + policy.challenge.seconds * 1_000;
  const fields = [domain, service, random.uuid(), expiresAt.toString(36), expected];
  return {
    challengeId: sealedTokens.seal(PASSKEY_CHALLENGE, fields),
    options: shown,
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** @throws Refusal not-found · challenge-expired · challenge-closed · code-rejected · not-enrolled · policy-refused */
export async function answerPasskeyChallenge(
  room: VerificationRoom,
  challengeId: string,
  submitted: Submitted,
  correlation: Correlation,
): Promise<{ readonly state: 'passed'; readonly result: string }> {
  requireClock(room.ports.clock);
  const [domain, service, challengeRef, expiry, expected] =
    room.ports.sealedTokens.open(PASSKEY_CHALLENGE, challengeId) ?? [];
  if (!domain || !service || !challengeRef || !expiry || expected === undefined)
    throw refuse('not-found', { detail: 'this challenge is not known' });
  const expiresAt = Number.parseInt(expiry, 36);
  if (expiresAt <= room.ports.clock.now()) throw refuse('challenge-expired');
  const { digest, claimed } = await claimOf(room, submitted);
  if (!claimed) throw unknown();
  if (claimed.domain !== domain || !claimed.subject) throw rejected();
  const user = claimed.subject;
  const handle: ChallengeHandle = { domain, user, challengeRef, expiresAt };
  const origin = originOfHolder(handle, correlation);
  let seen: Guard | undefined;
  const { events, state } = await room.change(origin, async ({ state, at }) => {
    const guard = (seen = await room.guards.load(domain, user));
    if (!isWholeSignIn(guard.domain.policy, submitted.method)) throw refusedByPolicy();
    if (state.challenges[challengeRef] || !guard.domain.services.has(service))
      throw refuse('challenge-closed');
    if (!guard.user.factors.some(({ claim }) => claim === digest)) throw unknown();
    const held = guard.user.twoStep
      ? await heldFor(heldBy(guard, state.ledger, 'sign-in'), submitted, undefined)
      : undefined;
    if (!held) return [];
    const checked = await checkAnswer(room, handle, guard, submitted, held, expected, at);
    return verificationDecider.decide(
      {
        type: 'SignInByPasskey',
        challengeRef,
        service,
        epoch: guard.user.epoch,
        expiresAt,
        factorId: held.holder,
        ...checked,
        guards: guard.revisions,
        at,
      },
      state,
    );
  });
  const passed = events.find(({ type }) => type === 'ChallengePassed');
  if (passed?.type !== 'ChallengePassed') {
    room.metrics.answers.labels(submitted.method, 'rejected').inc();
    throw rejected();
  }
  const challenge = state.challenges[challengeRef]!;
  const stillPermits = ({ domain: { policy } }: Guard) => isWholeSignIn(policy, submitted.method);
  await recheckGuards(room, origin, handle, seen!, challenge, passed.data, stillPermits);
  room.metrics.answers.labels(submitted.method, 'passed').inc();
  return { state: 'passed', result: await signResult(room, handle, challenge, passed.data, passed.time) };
}

const rejected = () => refuse('code-rejected', { attemptsLeft: 0 });
/** Nobody has it, or not any more: whoever keeps it may forget it. Who holds its random id learns nothing else by this. */
const unknown = () => refuse('not-enrolled', { detail: 'this passkey is not known here, or not any more' });

/** Who claimed the credential of this answer. */
async function claimOf(
  { ports: { store, blindIndex } }: VerificationRoom,
  { method, answer }: Submitted,
): Promise<{ digest: string; claimed: { domain: string; subject?: string } | undefined }> {
  const kind = (await proofKind(method)) as FactorKind | undefined;
  if (!kind?.claimOf) throw rejected();
  const digest = blindIndex.of('factor-claim', method, kind.claimOf(answer));
  return { digest, claimed: (await readFacts<FactorClaimFact>(store, claimStream(digest))).at(-1) };
}
