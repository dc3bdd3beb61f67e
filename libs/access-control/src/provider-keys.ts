import {
  compactVerify,
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import { LRUCache } from 'lru-cache';

// RFC 8725: what a provider may sign with is pinned here, and `jku`, `jwk` and `x5u` are ignored.
const algorithms = ['EdDSA', 'ES256', 'RS256', 'PS256'];

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** Why a provider's token was refused, in the words of docs/operations.md. */
export interface TokenFault {
  readonly reason: string;
  /** The claim that it is about. */
  readonly claim?: string;
}

/** The keys that the operator registered for each provider, by the address where they are published. */
export class ProviderKeys {
  readonly #sets = new LRUCache<string, KeySet>({ max: 256 });

  constructor(private readonly fetch: typeof globalThis.fetch) {}

  /** Signature and claims of a JWT. @throws JOSEError, which {@link tokenFault} reads */
  async read(token: string, jwksUri: string, claims: JWTVerifyOptions): Promise<JWTPayload> {
    return (await jwtVerify(token, this.#of(jwksUri), { ...claims, algorithms })).payload;
  }

  /** The signature alone. @throws JOSEError, which {@link tokenFault} reads */
  async requireSignature(token: string, jwksUri: string): Promise<void> {
    await compactVerify(token, this.#of(jwksUri), { algorithms });
  }

  #of(jwksUri: string): KeySet {
    let keys = this.#sets.get(jwksUri);
    if (!keys) {
      keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 5_000, [customFetch]: this.fetch });
      this.#sets.set(jwksUri, keys);
    }
    return keys;
  }
}

/** @returns nothing where the keys could not be had: nobody looked at the token */
export function tokenFault(error: unknown): TokenFault | undefined {
  if (!(error instanceof errors.JOSEError) || AWAY.has(error.code)) return undefined;
  const { claim } = error as errors.JOSEError & { readonly claim?: string };
  return { reason: REASONS[error.code] ?? 'token-invalid', ...(claim !== undefined && { claim }) };
}

/** jose tells an answer that is no key set, or not 200, by its most general code. */
const AWAY = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'token-time',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'token-claim',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'token-signature',
  ERR_JWKS_NO_MATCHING_KEY: 'token-key-unknown',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'token-key-unknown',
  ERR_JOSE_ALG_NOT_ALLOWED: 'token-algorithm',
};
