import type { Purpose } from './verification-events.ts';

/** `typ` headers of what Sparekey signs; verifiers always check them, and none stands in for another. */
export const RESULT_TYPE = 'sparekey-result+jwt';
export const SESSION_TYPE = 'sparekey-session+jwt';

const acr = <const Name extends string>(name: Name) => `urn:sparekey:acr:${name}` as const;

/** How sure a result is. */
export const ACR = {
  /** Without proof: no second step was asked for. */
  none: acr('none'),
  /** By a recovery or bypass code. */
  code: acr('code'),
  /** Two factors. */
  second: acr('2'),
} as const;

export type Acr = (typeof ACR)[keyof typeof ACR];

/** Claims of a signed result. Times are Unix seconds. */
export interface ResultClaims {
  /** `{public URL}/domains/{domain}` */
  readonly iss: string;
  /** `{public URL}/domains/{domain}/services/{service}` of the service that opened the challenge. */
  readonly aud: string;
  /** The user. */
  readonly sub: string;
  /** Consumers accept each once. */
  readonly jti: string;
  readonly iat: number;
  /** At most 300 s after `iat`. */
  readonly exp: number;
  readonly purpose: Purpose;
  readonly signInId?: string;
  readonly challengeRef: string;
  /** When the second step was passed. */
  readonly auth_time: number;
  /** RFC 8176; only what Sparekey or the stated first factor verified. */
  readonly amr: readonly string[];
  readonly acr: Acr;
}

export const issuerOf = (publicUrl: string, domain: string) => `${publicUrl}/domains/${domain}`;
export const audienceOf = (publicUrl: string, domain: string, service: string) =>
  `${issuerOf(publicUrl, domain)}/services/${service}`;
