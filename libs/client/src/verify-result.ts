import { audienceOf, issuerOf, RESULT_TYPE, type ResultClaims } from '@sparekey/contracts';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { readUrl } from './url.ts';

export interface ResultVerifierOptions {
  /** The public address of Sparekey, such as `https://sparekey.example.org`: any spelling that `SparekeyClient` takes. */
  readonly url: string;
  readonly domain: string;
  /** The registered service that opened the challenge: results for others are refused. */
  readonly service: string;
  /** The keys of `/.well-known/jwks.json`; fetched, and cached, where absent. */
  readonly keys?: JSONWebKeySet;
  /** Unix milliseconds; default the system's clock. */
  readonly now?: () => number;
  /** Seconds that the two clocks may differ; default 5. */
  readonly clockTolerance?: number;
}

/** The result is none of ours, not for this service, or not good any more. Nothing it says may be believed. */
export class InvalidResult extends Error {
  override readonly name = 'InvalidResult';
}

/** The keys could not be had or read: nothing is known of the result. */
const NOT_JUDGED = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC']);

/** @returns claims whose signature, type, issuer, audience and time have been checked */
export type VerifyResult = (result: string) => Promise<ResultClaims>;

/**
 * Verifies signed results without asking Sparekey. Whoever accepts one remembers its `jti` until `exp` and accepts it
 * once; whoever opened a challenge for one sign-in compares `sub`, `purpose` and `signInId` with what it asked for.
 */
export function createResultVerifier(options: ResultVerifierOptions): VerifyResult {
  const { domain, service, keys, now = Date.now, clockTolerance = 5 } = options;
  const url = readUrl(options.url);
  const getKey: JWTVerifyGetKey = keys
    ? createLocalJWKSet(keys)
    : createRemoteJWKSet(new URL('/.well-known/jwks.json', url));
  return async (result) => {
    try {
      const { payload } = await jwtVerify<ResultClaims>(result, getKey, {
        algorithms: ['EdDSA'],
        typ: RESULT_TYPE,
        issuer: issuerOf(url, domain),
        audience: audienceOf(url, domain, service),
        requiredClaims: ['sub', 'jti', 'iat', 'exp', 'purpose', 'challengeRef', 'auth_time', 'amr', 'acr'],
        clockTolerance,
        currentDate: new Date(now()),
      });
      return payload;
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || NOT_JUDGED.has(error.code)) throw error;
      throw new InvalidResult(error.code, { cause: error });
    }
  };
}
