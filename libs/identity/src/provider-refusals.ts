import * as oidc from 'openid-client';

/** Why a sign-in through a provider was refused: what an operator finds in the log (docs/operations.md has the list). */
export interface ProviderRefusal {
  readonly reason: string;
  /** The claim of the ID token that it is about. */
  readonly claim?: string;
  /** The provider's own error code (RFC 6749 sections 4.1.2.1 and 5.2). */
  readonly said?: string;
}

/** What openid-client calls a check that failed, in the words of the list. */
const REASONS: Readonly<Record<string, string>> = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'id-token-time',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'id-token-claim',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'issuer-mismatch',
  OAUTH_INVALID_RESPONSE: 'response-invalid',
  OAUTH_PARSE_ERROR: 'response-invalid',
  OAUTH_RESPONSE_IS_NOT_JSON: 'response-invalid',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'response-invalid',
  OAUTH_UNSUPPORTED_OPERATION: 'response-unsupported',
};

const CODE = /^[a-z][a-z0-9_-]{0,63}$/i;

/**
 * What the provider, or the check of what it said, decided.
 *
 * @returns nothing where the error is a failure on the way: nobody looked at the sign-in
 */
export function refusalOf(error: unknown): ProviderRefusal | undefined {
  if (error instanceof oidc.AuthorizationResponseError)
    return { reason: 'provider-refused', ...said(error.error) };
  if (error instanceof oidc.ResponseBodyError)
    return { reason: 'token-request-refused', ...said(error.error) };
  if (!(error instanceof oidc.ClientError) || error.code === 'OAUTH_TIMEOUT') return undefined;
  const { claim } = ((error.cause as { cause?: object } | undefined)?.cause ?? error.cause ?? {}) as {
    claim?: unknown;
  };
  return {
    reason: REASONS[error.code ?? ''] ?? 'response-invalid',
    ...(typeof claim === 'string' && CODE.test(claim) && { claim }),
  };
}

const said = (code: string) => (CODE.test(code) ? { said: code } : {});
