import {
  ACR,
  ACR_OF,
  audienceOf,
  issuerOf,
  refuse,
  RESULT_TYPE,
  type Acr,
  type Purpose,
  type ResultClaims,
} from '@sparekey/contracts';
import { methodOf } from '@sparekey/factors';
import type { Challenge } from './challenges.ts';
import type { Proof } from './proof.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';

/** What has been proven so far is worth this; `more`: it does not suffice yet. */
export type Weighed = 'more' | { readonly acr: Acr; readonly amr: readonly string[] };

/**
 * What the proofs of a challenge are worth, for sign-in and step-up: one that counts for the purpose is enough. A method that is
 * gone from the program, or does not count for the purpose, proves nothing.
 *
 * @param first what the service says of the first step (RFC 8176)
 */
export function weigh(
  purpose: Purpose,
  proofs: readonly Pick<Proof, 'method' | 'amr'>[],
  first: readonly string[],
): Weighed {
  const methods = proofs.flatMap(({ method }) => methodOf(method) ?? []);
  const strongest = methods
    .filter(({ purposes }) => purposes.includes(purpose))
    .toSorted((a, b) => b.strength - a.strength)[0];
  if (!strongest) return 'more';
  const second = proofs.flatMap(({ method, amr }) =>
    methodOf(method) ? (amr ?? methodOf(method)!.amr) : [],
  );
  const all = [...new Set([...first, ...second])];
  const amr = first.length > 0 && second.length > 0 && !all.includes('mfa') ? [...all, 'mfa'] : all;
  return { acr: ACR_OF[strongest.acr], amr };
}

/** Seconds that a result is good for; the interface allows 300. */
const LIFE = 300;

/** What a result says, beside whose it is. */
interface Statement {
  readonly purpose: Purpose;
  readonly service: string;
  readonly signInId?: string;
  readonly amr: readonly string[];
  readonly acr: Acr;
  /** Unix milliseconds. */
  readonly at: number;
}

/** The result of a passed challenge. @param passedAt Unix milliseconds @throws Refusal challenge-closed where what was shown is worth nothing any more */
export async function signResult(
  room: VerificationRoom,
  handle: ChallengeHandle,
  { purpose, service, signInId, firstFactor }: Challenge,
  proof: Pick<Proof, 'method' | 'amr'>,
  passedAt: number,
): Promise<string> {
  const weighed = weigh(purpose, [proof], firstFactor?.amr ?? []);
  if (weighed === 'more') throw refuse('challenge-closed');
  return sign(room, handle, {
    purpose,
    service,
    ...(signInId !== undefined && { signInId }),
    ...weighed,
    at: passedAt,
  });
}

/** The result of a sign-in that needed no second step: it says so. */
export function signAllowed(
  room: VerificationRoom,
  handle: Omit<ChallengeHandle, 'expiresAt'>,
  statement: Omit<Statement, 'acr'>,
): Promise<string> {
  return sign(room, handle, { ...statement, acr: ACR.none });
}

function sign(
  { ports, publicUrl }: VerificationRoom,
  { domain, user, challengeRef }: Omit<ChallengeHandle, 'expiresAt'>,
  { purpose, service, signInId, amr, acr, at: milliseconds }: Statement,
): Promise<string> {
  const at = Math.floor(milliseconds / 1_000);
  const claims: ResultClaims = {
    iss: issuerOf(publicUrl, domain),
    aud: audienceOf(publicUrl, domain, service),
    sub: user,
    jti: ports.random.uuid(),
    iat: at,
    exp: at + LIFE,
    purpose,
    ...(signInId !== undefined && { signInId }),
    challengeRef,
    auth_time: at,
    amr,
    acr,
  };
  return ports.signer.sign(RESULT_TYPE, claims);
}
