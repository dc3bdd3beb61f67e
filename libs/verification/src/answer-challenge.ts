import { isUsedUp, refuse, settingsOf } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { factorMethod, proofKind, type Checked, type Tools } from '@sparekey/factors';
import { requireClock, type Correlation } from '@sparekey/platform';
import type { SlowDigest } from '@sparekey/vault';
import type { Challenge } from './challenges.ts';
import type { Guard } from './guard.ts';
import { isServed, stillHolds } from './guards.ts';
import { heldBy, heldFor, isLeft, suspendedFor, type Held, type Submitted } from './held.ts';
import type { Proof } from './proof.ts';
import { signResult } from './sign-result.ts';
import type { Answer } from './commands.ts';
import { admit, verificationDecider } from './verification.ts';
import { originOfHolder, type ChallengeHandle, type VerificationRoom } from './verification.room.ts';

/** The signed result, for whoever held the challenge; of a hosted one, where to go, where the result is fetched. */
export type Passed =
  | { readonly state: 'passed'; readonly result: string }
  | { readonly state: 'passed'; readonly redirectTo: string };

/**
 * Gather, decide, append, check the guards once more, sign.
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
    const { method } = submitted;
    const { purpose = 'sign-in', prompts } = state.challenges[challengeRef] ?? {};
    const held = await heldFor(heldBy(guard, state.ledger, purpose), submitted, prompts);
    const factorId = held ? undefined : suspendedFor(guard, state.ledger, purpose, submitted);
    const challenge = admit(state, { challengeRef, method, factorId, at, epoch: guard.user.epoch });
    if (!isServed(guard, challenge)) throw refuse('challenge-closed');
    const expected = held && (await room.expected(handle, challenge, held, at));
    const checked = await checkAnswer(room, handle, guard, submitted, held, expected, at);
    const { policy } = guard.domain;
    const command = {
      type: 'Answer',
      challengeRef,
      method,
      factorId: held?.isFactor ? held.holder : undefined,
      ...checked,
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
  await recheckGuards(room, origin, handle, seen!, challenge, event.data);
  room.metrics.answers.labels(submitted.method, 'passed').inc();
  if (challenge.hosted) return { state: 'passed', redirectTo: room.redirectTo(handle, challenge) };
  return { state: 'passed', result: await signResult(room, handle, challenge, event.data, event.time) };
}

/**
 * What the pass rested on may have been taken back, and that acknowledged, while it was being recorded. Then the pass is
 * voided, and no result is signed.
 */
export async function recheckGuards(
  room: VerificationRoom,
  origin: Origin,
  { domain, user, challengeRef }: ChallengeHandle,
  seen: Guard,
  challenge: Challenge,
  proof: Proof,
  stillPermits: (guard: Guard) => boolean = () => true,
): Promise<void> {
  if (!(await room.guards.moved(domain, user, seen.revisions))) return;
  const guard = await room.guards.load(domain, user);
  if (stillHolds(guard, challenge, proof) && stillPermits(guard)) return;
  await room.change(origin, async ({ state }) =>
    verificationDecider.decide({ type: 'VoidPass', challengeRef }, state),
  );
  room.metrics.answers.labels(proof.method, 'voided').inc();
  throw refuse('challenge-closed');
}

type Found = Pick<Answer, 'proof' | 'isCloneSuspected'>;

/**
 * @returns what the answer uses up, or no proof where it is not right, whatever is wrong with it
 * @throws Refusal `validation-failed` where it can be no answer at all: that costs no try
 */
export async function checkAnswer(
  room: VerificationRoom,
  handle: ChallengeHandle,
  { domain: { policy } }: Guard,
  { method, answer }: Submitted,
  held: Held | undefined,
  expected: string | undefined,
  now: number,
): Promise<Found> {
  const kind = await proofKind(method);
  if (!kind || (!held && factorMethod(method))) return { proof: undefined };
  // codes that nobody has cost as much as wrong ones
  const input = {
    settings: settingsOf(policy, method) ?? {},
    parameters: held?.parameters ?? {},
    secret: held && (await room.secret(handle, held)),
    answer,
    expected,
    consumed: held?.consumed ?? {},
    // codes never ask for it, and it takes a keyed digest
    get userHandle() {
      return room.ceremonyOf(handle).userHandle;
    },
    now,
  };
  const checked = await kind.check(input, toolsOf(room, handle));
  if (checked.outcome === 'malformed') throw refuseMalformed(checked);
  if (checked.outcome === 'accepted') return { proof: held && proofOf(held, checked) };
  return { proof: undefined, isCloneSuspected: checked.suspicion === 'cloned' };
}

/** @returns nothing where that is used up: by confirming it too, of which the ledger knows nothing */
function proofOf(
  held: Held,
  { consumes, amr, learned }: Extract<Checked, { outcome: 'accepted' }>,
): Proof | undefined {
  if (!isLeft(held) || isUsedUp(held.consumed, consumes)) return undefined;
  return {
    method: held.method,
    holder: held.holder,
    consumes,
    ...(amr && { amr }),
    ...(learned && { learned }),
  };
}

const refuseMalformed = ({ field }: Extract<Checked, { outcome: 'malformed' }>) =>
  refuse('validation-failed', { errors: [{ field, message: 'can be no answer of this kind' }] });

function toolsOf(
  { ports: { slowHash } }: VerificationRoom,
  { domain, user }: Pick<ChallengeHandle, 'domain' | 'user'>,
): Tools {
  const asker = `${domain}.${user}`;
  return {
    digest: (text) => slowHash.digest(text, asker),
    matches: (text, digest) =>
      slowHash.matches(text, digest as SlowDigest | undefined, { lane: 'answer', asker }),
  };
}
