import {
  ACR,
  audienceOf,
  issuerOf,
  RESULT_TYPE,
  type Acr,
  type Method,
  type Purpose,
  type ResultClaims,
} from '@sparekey/contracts';
import { factorKind } from '@sparekey/factors';
import type { Challenge } from './challenges.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';

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

/** The result of a passed challenge. @param passedAt Unix milliseconds */
export function signResult(
  room: VerificationRoom,
  handle: ChallengeHandle,
  { purpose, service, signInId, firstFactor }: Challenge,
  method: Method,
  passedAt: number,
): Promise<string> {
  return sign(room, handle, {
    purpose,
    service,
    ...(signInId !== undefined && { signInId }),
    amr: amrOf(firstFactor?.amr ?? [], method),
    acr: method === 'recovery-code' ? ACR.code : ACR.second,
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

/** RFC 8176: what the stated first factor and this one verified, and `mfa` where that makes two. */
function amrOf(first: readonly string[], method: Method): string[] {
  const second = factorKind(method)?.amr ?? []; // there is no value for a recovery code: the acr says it
  const all = [...new Set([...first, ...second])];
  return first.length > 0 && second.length > 0 && !all.includes('mfa') ? [...all, 'mfa'] : all;
}
