import { isUsedUp, refuse, settingsOf, type MethodType } from '@sparekey/contracts';
import {
  factorMethod,
  proofKind,
  type Checked,
  type Consumes,
  type Fields,
  type Tools,
} from '@sparekey/factors';
import type { SlowDigest } from '@sparekey/vault';
import type { Challenge } from './challenges.ts';
import type { Guard } from './guard.ts';
import { isLeft, type Held } from './held.ts';
import { expectedOf } from './prompt-challenge.ts';
import type { Proof } from './proof.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';

export interface Submitted {
  readonly method: MethodType;
  readonly factorId?: string;
  /** What the method's descriptor says that an answer holds. */
  readonly answer: Fields;
}

/**
 * What an answer is about: the factor it names or shows by itself, or for which a code went out, else the first of that method
 * that is offered.
 */
export async function heldFor(
  held: readonly Held[],
  { method, factorId, answer }: Submitted,
  prompts: Challenge['prompts'],
): Promise<Held | undefined> {
  const ofMethod = held.filter((one) => one.method === method);
  const named = factorId ?? prompts?.[method]?.factorId;
  if (named !== undefined && factorMethod(method))
    return ofMethod.find((one) => one.isFactor && one.holder === named);
  const kind = await proofKind(method);
  return kind?.identify ? ofMethod.find((one) => kind.identify!(answer, one.parameters)) : ofMethod[0];
}

/**
 * @returns what the answer uses up, or nothing where it is not right, whatever is wrong with it
 * @throws Refusal `validation-failed` where it can be no answer at all: that costs no try
 */
export async function checkAnswer(
  room: VerificationRoom,
  handle: ChallengeHandle,
  { domain: { policy } }: Guard,
  challenge: Challenge,
  { method, answer }: Submitted,
  held: Held | undefined,
  now: number,
): Promise<Proof | undefined> {
  const kind = await proofKind(method);
  if (!kind || (!held && factorMethod(method))) return undefined;
  // codes that nobody has cost as much as wrong ones
  const input = {
    settings: settingsOf(policy, method) ?? {},
    parameters: held?.parameters ?? {},
    secret: held && (await room.secret(handle, held)),
    answer,
    expected: held && (await expectedOf(room, handle, challenge, held, now)),
    consumed: held?.consumed ?? {},
    now,
  };
  const checked = await kind.check(input, toolsOf(room, handle));
  if (checked.outcome === 'malformed') throw refuseMalformed(checked);
  return held && checked.outcome === 'accepted' ? proofOf(held, checked.consumes) : undefined;
}

/** @returns nothing where that is used up: by confirming it too, of which the ledger knows nothing */
function proofOf(held: Held, consumes: Consumes): Proof | undefined {
  if (!isLeft(held) || isUsedUp(held.consumed, consumes)) return undefined;
  return { method: held.method, holder: held.holder, consumes };
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
