import {
  ACR,
  audienceOf,
  issuerOf,
  refuse,
  RESULT_TYPE,
  type Acr,
  type Purpose,
  type ResultClaims,
} from '@sparekey/contracts';
import type { Challenge } from './challenges.ts';
import type { Proof } from './proof.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';
import { weigh } from './weigh.ts';

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
  proof: Pick<Proof, 'method'>,
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
