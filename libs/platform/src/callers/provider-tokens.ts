import { canonicalIssuer } from '@sparekey/canonical';
import { refuse, USER_ID } from '@sparekey/contracts';
import { createRemoteJWKSet, customFetch, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { DomainReader, DomainView, IdentityProvider } from '../domain-reader.ts';
import type { Ports } from '../ports.ts';

// RFC 8725: what a provider may sign with is pinned here, and `jku`, `jwk` and `x5u` are ignored.
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'];

/** Clocks differ: between those of a provider and of Sparekey so much is granted, on every way in. */
export const PROVIDER_CLOCK_TOLERANCE_SECONDS = 60;

type KeySet = ReturnType<typeof createRemoteJWKSet>;

/** OpenID Connect Core 1.0 section 2: a subject has at most 255 ASCII characters; addresses may be a little longer. */
const LONGEST_SUBJECT = 320;

/** Who a provider says that somebody is. */
export interface ProvidedPerson {
  readonly user: string;
  /** Unix milliseconds. */
  readonly authenticatedAt?: number;
  readonly amr: readonly string[];
}

/**
 * The user that a provider's claims are about: the claim itself, or its keyed digest where it is an address or a login.
 *
 * @returns nothing where the claim is absent or no user id
 */
export function providedUser(
  { keyedDigest }: Pick<Ports, 'keyedDigest'>,
  domain: string,
  { subjectIssuer, claims }: IdentityProvider,
  payload: Readonly<Record<string, unknown>>,
): string | undefined {
  const claim = payload[claims.user.claim];
  const value = Number.isSafeInteger(claim) ? String(claim) : claim; // some number their people
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_SUBJECT) return undefined;
  if (claims.user.hash) return keyedDigest.of('provider-user', domain, subjectIssuer, value);
  return USER_ID.test(value) ? value : undefined;
}

/** Reads tokens that the organisation's own provider issued. */
export class ProviderTokens {
  readonly #keys = new LRUCache<string, KeySet>({ max: 256 });

  constructor(
    private readonly ports: Pick<Ports, 'clock' | 'keyedDigest'>,
    private readonly domains: DomainReader,
    private readonly fetch: typeof globalThis.fetch,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /**
   * @returns nothing where no provider of this domain issued it for Sparekey, or it is not good now
   * @throws Refusal not-ready where the provider's keys cannot be had
   */
  async read(token: string, domain: string): Promise<ProvidedPerson | undefined> {
    const { providers } = (await this.domains.load(domain)).state;
    if (providers.size === 0) return undefined;
    const found = findProvider(providers, token);
    if (!found) return undefined;
    const { provider, iss, name } = found;
    try {
      const { payload } = await jwtVerify(token, this.#keysOf(provider), {
        algorithms: ALGORITHMS,
        issuer: iss,
        audience: provider.audience,
        requiredClaims: ['exp'],
        clockTolerance: PROVIDER_CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.ports.clock.now()),
      });
      const person = this.#person(domain, provider, payload);
      if (!person) this.#refused(domain, name, { reason: 'subject-unusable' });
      return person;
    } catch (error) {
      if (
        error instanceof errors.JWKSTimeout ||
        !(error instanceof errors.JOSEError) ||
        isFetchFault(error)
      ) {
        const detail = 'the keys of the identity provider cannot be had';
        throw refuse('not-ready', { retryAfter: 5, detail }, { cause: error });
      }
      const { claim } = error as errors.JOSEError & { readonly claim?: string };
      const reason = REASONS[error.code] ?? 'token-invalid';
      this.#refused(domain, name, { reason, ...(claim !== undefined && { claim }) });
      return undefined;
    }
  }

  /** The caller learns nothing but that it is not let in; an operator finds out why. */
  #refused(
    domain: string,
    provider: string,
    why: { readonly reason: string; readonly claim?: string },
  ): void {
    this.logger.warn({ domain, provider, ...why }, 'a token of the identity provider was refused');
  }

  #keysOf({ jwksUri }: IdentityProvider): KeySet {
    let keys = this.#keys.get(jwksUri);
    if (!keys) {
      keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 5_000, [customFetch]: this.fetch });
      this.#keys.set(jwksUri, keys);
    }
    return keys;
  }

  #person(domain: string, provider: IdentityProvider, payload: JWTPayload): ProvidedPerson | undefined {
    const user = providedUser(this.ports, domain, provider, payload);
    if (user === undefined) return undefined;
    const { auth_time: at, amr } = payload as { auth_time?: unknown; amr?: unknown };
    return {
      user,
      ...(typeof at === 'number' && { authenticatedAt: at * 1_000 }),
      amr: Array.isArray(amr) ? amr.filter((one) => typeof one === 'string') : [],
    };
  }
}

/** Which provider says that it issued the token: spellings of one issuer are one. */
function findProvider(providers: DomainView['providers'], token: string) {
  try {
    const { iss = '' } = decodeJwt(token);
    const issuer = canonicalIssuer(iss);
    for (const [name, provider] of providers)
      if (canonicalIssuer(provider.issuer) === issuer) return { name, provider, iss };
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined; // it is no JWT
    throw error;
  }
}

/** What jose calls a check that failed, in the words of docs/operations.md. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'token-time',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'token-claim',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'token-signature',
  ERR_JWKS_NO_MATCHING_KEY: 'token-key-unknown',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'token-key-unknown',
  ERR_JOSE_ALG_NOT_ALLOWED: 'token-algorithm',
};

/** jose tells an answer that is no key set, or not 200, by its most general code. */
const isFetchFault = ({ code }: errors.JOSEError) =>
  code === 'ERR_JOSE_GENERIC' || code === 'ERR_JWKS_INVALID';
