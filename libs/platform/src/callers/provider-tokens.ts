import { refuse, USER_ID } from '@sparekey/contracts';
import { createRemoteJWKSet, customFetch, decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { DomainReader, IdentityProvider } from '../domain-reader.ts';
import type { Ports } from '../ports.ts';

// RFC 8725: what a provider may sign with is pinned here, and `jku`, `jwk` and `x5u` are ignored.
const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'];

type KeySet = ReturnType<typeof createRemoteJWKSet>;

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
  { issuer, claims }: IdentityProvider,
  payload: Readonly<Record<string, unknown>>,
): string | undefined {
  const value = payload[claims.user.claim];
  if (typeof value !== 'string' || value === '') return undefined;
  if (claims.user.hash) return keyedDigest.of('provider-user', domain, issuer, value);
  return USER_ID.test(value) ? value : undefined;
}

/** Reads tokens that the organisation's own provider issued. */
export class ProviderTokens {
  readonly #keys = new LRUCache<string, KeySet>({ max: 256 });

  constructor(
    private readonly ports: Pick<Ports, 'clock' | 'keyedDigest'>,
    private readonly domains: DomainReader,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  /**
   * @returns nothing where no provider of this domain issued it for Sparekey, or it is not good now
   * @throws Refusal not-ready where the provider's keys cannot be had
   */
  async read(token: string, domain: string): Promise<ProvidedPerson | undefined> {
    const { providers } = (await this.domains.load(domain)).state;
    if (providers.size === 0) return undefined;
    try {
      const { iss } = decodeJwt(token);
      const provider = [...providers.values()].find(({ issuer }) => issuer === iss);
      if (!provider) return undefined;
      const { payload } = await jwtVerify(token, this.#keysOf(provider), {
        algorithms: ALGORITHMS,
        issuer: provider.issuer,
        audience: provider.audience,
        requiredClaims: ['exp'],
        currentDate: new Date(this.ports.clock.now()),
      });
      return this.#person(domain, provider, payload);
    } catch (error) {
      if (
        error instanceof errors.JWKSTimeout ||
        !(error instanceof errors.JOSEError) ||
        isFetchFault(error)
      ) {
        const detail = 'the keys of the identity provider cannot be had';
        throw refuse('not-ready', { retryAfter: 5, detail }, { cause: error });
      }
      return undefined;
    }
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

/** jose tells an answer that is no key set, or not 200, by its most general code. */
const isFetchFault = ({ code }: errors.JOSEError) =>
  code === 'ERR_JOSE_GENERIC' || code === 'ERR_JWKS_INVALID';
