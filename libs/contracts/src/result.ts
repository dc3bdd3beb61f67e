import type { Purpose, Worth } from '@sparekey/factors';

/** `typ` headers of what Sparekey signs; verifiers always check them, and none stands in for another. */
export const RESULT_TYPE = 'sparekey-result+jwt';
export const SESSION_TYPE = 'sparekey-session+jwt';
export const OPERATOR_SESSION_TYPE = 'sparekey-operator+jwt';

const acr = <const Name extends string>(name: Name) => `urn:sparekey:acr:${name}` as const;

/** How sure a result is. */
export const ACR = {
  /** Without proof: no second step was asked for. */
  none: acr('none'),
  /** By a recovery or bypass code. */
  code: acr('code'),
  /** Two factors. */
  second: acr('2'),
  /** Two factors, of which one resists phishing: bound to where it is used. */
  phishingResistant: acr('2pr'),
} as const;

export type Acr = (typeof ACR)[keyof typeof ACR];

/** What a proof of that worth makes of a result. */
export const ACR_OF = {
  code: ACR.code,
  '2': ACR.second,
  '2pr': ACR.phishingResistant,
} as const satisfies Record<Worth, Acr>;

/**
 * What a session may do: everything its person may · set up two-step verification and go on · replace factors, because
 * it was opened by a recovery code.
 */
export const SESSION_SCOPES = ['full', 'enroll', 'factors'] as const;
export type SessionScope = (typeof SESSION_SCOPES)[number];

/** What it is worth in a session of the reference sign-in service. */
export interface AcrMeaning {
  readonly scope: SessionScope;
  /** Whether a second factor was shown. */
  readonly isSecondStep: boolean;
  /** Whether anything was shown that counts as fresh. */
  readonly isProof: boolean;
}

/** Closed: one that has no line here does not compile, and one that a token claims nevertheless is worth nothing. */
export const ACR_MEANS = {
  [ACR.none]: { scope: 'full', isSecondStep: false, isProof: false },
  // gets a person in to replace what they lost
  [ACR.code]: { scope: 'factors', isSecondStep: false, isProof: true },
  [ACR.second]: { scope: 'full', isSecondStep: true, isProof: true },
  [ACR.phishingResistant]: { scope: 'full', isSecondStep: true, isProof: true },
} as const satisfies Record<Acr, AcrMeaning>;

/** @returns nothing for a word that is none of ours: it opens no session */
export const meaningOf = (acr: unknown): AcrMeaning | undefined =>
  typeof acr === 'string' && Object.hasOwn(ACR_MEANS, acr) ? ACR_MEANS[acr as Acr] : undefined;

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
