import { ACR, audienceOf, issuerOf, RESULT_TYPE, type Method, type ResultClaims } from '@sparekey/contracts';
import { factorKind } from '@sparekey/factors';
import type { Challenge } from './challenges.ts';
import type { ChallengeHandle, VerificationRoom } from './verification.room.ts';

/** Seconds that a result is good for; the interface allows 300. */
const LIFE = 300;

/** @param passedAt Unix milliseconds */
export function signResult(
  room: VerificationRoom,
  { domain, user, challengeRef }: ChallengeHandle,
  { purpose, service, signInId, firstFactor }: Challenge,
  method: Method,
  passedAt: number,
): Promise<string> {
  const { signer, random } = room.ports;
  const at = Math.floor(passedAt / 1_000);
  const claims: ResultClaims = {
    iss: issuerOf(room.publicUrl, domain),
    aud: audienceOf(room.publicUrl, domain, service),
    sub: user,
    jti: random.uuid(),
    iat: at,
    exp: at + LIFE,
    purpose,
    ...(signInId !== undefined && { signInId }),
    challengeRef,
    auth_time: at,
    amr: amrOf(firstFactor?.amr ?? [], method),
    acr: method === 'recovery-code' ? ACR.code : ACR.second,
  };
  return signer.sign(RESULT_TYPE, claims);
}

/** RFC 8176: what the stated first factor and this one verified, and `mfa` where that makes two. */
function amrOf(first: readonly string[], method: Method): string[] {
  const second = factorKind(method)?.amr ?? []; // there is no value for a recovery code: the acr says it
  const all = [...new Set([...first, ...second])];
  return first.length > 0 && second.length > 0 && !all.includes('mfa') ? [...all, 'mfa'] : all;
}
