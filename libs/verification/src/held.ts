import {
  countsFor,
  emptyLedger,
  strongestFirst,
  type CodeSet,
  type Ledger,
  type MethodType,
  type Purpose,
  type SealedAt,
} from '@sparekey/contracts';
import { factorMethod, proofKind, type Consumed, type Fields, type Parameters } from '@sparekey/factors';
import type { Challenge } from './challenges.ts';
import type { Guard } from './guard.ts';
import type { Proof } from './proof.ts';

/** Something of a user's that answers challenges: a factor, or a set of codes. */
export interface Held {
  readonly method: MethodType;
  /** Its id, by which the ledger knows what of it is used up. */
  readonly holder: string;
  readonly isFactor: boolean;
  readonly name: SealedAt | undefined;
  /** Nothing where its kind keeps all of it in clear. */
  readonly secret: SealedAt | undefined;
  readonly sealedAs: { readonly sealClass: 'factor' | 'codes'; readonly field: string };
  readonly parameters: Parameters;
  readonly consumed: Consumed;
  /** How often it can be used at all, where that is bounded. */
  readonly uses: number | undefined;
  /** Unix milliseconds. */
  readonly addedAt: number;
  readonly lastUsedAt: number;
}

type Source = (guard: Guard, ledger: Ledger) => readonly Held[];

function factors({ user }: Guard, { consumed, lastUsed, suspended, learned }: Ledger): Held[] {
  return user.factors.flatMap((factor) => {
    const { factorId, kind, name, secret, confirmed, consumedThrough } = factor;
    const parameters = { ...factor.parameters, ...learned?.[factorId] };
    if (!confirmed || suspended.includes(factorId)) return [];
    const used = consumed[factorId] ?? {};
    const through = Math.max(consumedThrough ?? -1, used.through ?? -1);
    return {
      method: kind as MethodType,
      holder: factorId,
      isFactor: true,
      name,
      secret,
      sealedAs: { sealClass: 'factor', field: 'secret' },
      parameters,
      consumed: { ...used, ...(through >= 0 && { through }) },
      uses: undefined,
      addedAt: factor.addedAt,
      lastUsedAt: lastUsed[factorId] ?? 0,
    };
  });
}

function recoveryCodes(guard: Guard, { consumed, lastUsed }: Ledger): Held[] {
  const codes = livingCodes(guard);
  if (!codes) return [];
  const { batchId, digests, total } = codes;
  return [
    {
      method: 'recovery-code',
      holder: batchId,
      isFactor: false,
      name: undefined,
      secret: digests,
      sealedAs: { sealClass: 'codes', field: 'digests' },
      parameters: {},
      consumed: consumed[batchId] ?? {},
      uses: total,
      addedAt: codes.generatedAt,
      lastUsedAt: lastUsed[batchId] ?? 0,
    },
  ];
}

/** Everything that a user may hold, a line for each kind of holder. */
export const SOURCES: Source[] = [factors, recoveryCodes];

/** The set of codes, where it belongs to the user's epoch. */
const livingCodes = ({ user, codes }: Guard): CodeSet | undefined =>
  codes?.epoch === user.epoch ? codes : undefined;

/**
 * What a user can answer a challenge of this purpose with: the strongest first, and of equals what was
 * used last. What is suspended is not among it.
 */
export function heldBy(guard: Guard, ledger: Ledger, purpose: Purpose): Held[] {
  const { policy } = guard.domain;
  return SOURCES.flatMap((source) => source(guard, ledger))
    .filter(({ method, parameters }) => countsFor(policy, method, purpose, parameters))
    .toSorted(strongestFirst);
}

/** Whether anything of it is left. */
export const isLeft = ({ uses, consumed }: Held): boolean =>
  uses === undefined || (consumed.items?.length ?? 0) < uses;

/** Whether what was shown still belongs to the user, whatever was used up since. */
export const isStillHeld = (guard: Guard, { holder }: Proof, purpose: Purpose): boolean =>
  heldBy(guard, emptyLedger, purpose).some((held) => held.holder === holder);

/** A suspended factor that an answer would be about, were it not. */
export function suspendedFor(
  { user, domain }: Guard,
  { suspended }: Ledger,
  purpose: Purpose,
  { method, factorId }: { readonly method: string; readonly factorId?: string },
): string | undefined {
  if (!countsFor(domain.policy, method, purpose)) return undefined;
  return user.factors.find(
    (one) =>
      one.confirmed &&
      one.kind === method &&
      suspended.includes(one.factorId) &&
      (factorId ?? one.factorId) === one.factorId,
  )?.factorId;
}

export interface Submitted {
  readonly method: MethodType;
  readonly factorId?: string;
  /** What the method's descriptor says that an answer holds. */
  readonly answer: Fields;
}

/**
 * What an answer is about: the factor that it shows by itself or names, or for which a code went out, else the first of that method
 * that is offered.
 */
export async function heldFor(
  held: readonly Held[],
  { method, factorId, answer }: Submitted,
  prompts: Challenge['prompts'],
): Promise<Held | undefined> {
  const ofMethod = held.filter((one) => one.method === method);
  const kind = await proofKind(method);
  if (kind?.identify) {
    // several are asked for at once, and the person takes the one at hand, whichever was named
    for (const one of ofMethod) if (await kind.identify(answer, one.parameters)) return one;
    return undefined;
  }
  const named = factorId ?? prompts?.[method]?.factorId;
  if (named === undefined || !factorMethod(method)) return ofMethod[0];
  return ofMethod.find((one) => one.isFactor && one.holder === named);
}
