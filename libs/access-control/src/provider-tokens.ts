import { type DomainView, type IdentityProvider, refuse, USER_ID } from '@sparekey/contracts';
import { canonicalIssuer } from '@sparekey/canonical';
import { decodeJwt, errors, type JWTPayload } from 'jose';
import type { Logger } from 'pino';
import type { DomainReader, Ports } from '@sparekey/platform';
import { tokenFault, type ProviderKeys, type TokenFault } from './provider-keys.ts';

/** Clocks differ: between those of a provider and of Sparekey so much is granted, on every way in. */
export const PROVIDER_CLOCK_TOLERANCE_SECONDS = 60;

/** OpenID Connect Core 1.0 section 2: a subject has at most 255 ASCII characters; addresses may be a little longer. */
const LONGEST_SUBJECT = 320;

/**
 * When a provider says that the person showed who they are: Unix milliseconds, and never after now, whatever its clock says.
 *
 * @returns `future` where that is further ahead than clocks differ: such a proof would stay fresh until then
 */
export function shownAtOf(
  { auth_time: at }: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined | 'future' {
  if (typeof at !== 'number') return undefined;
  if (at * 1_000 > now + PROVIDER_CLOCK_TOLERANCE_SECONDS * 1_000) return 'future';
  return Math.min(at * 1_000, now);
}

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
  { blindIndex }: Pick<Ports, 'blindIndex'>,
  domain: string,
  { subjectIssuer, claims }: IdentityProvider,
  payload: Readonly<Record<string, unknown>>,
): string | undefined {
  const claim = payload[claims.user.claim];
  const value = Number.isSafeInteger(claim) ? String(claim) : claim; // some number their people
  if (typeof value !== 'string' || value === '' || value.length > LONGEST_SUBJECT) return undefined;
  if (claims.user.hash) return blindIndex.of('provider-user', domain, subjectIssuer, value);
  return USER_ID.test(value) ? value : undefined;
}

/** Reads tokens that the organisation's own provider issued. */
export class ProviderTokens {
  constructor(
    private readonly ports: Pick<Ports, 'clock' | 'blindIndex'>,
    private readonly domains: DomainReader,
    private readonly keys: ProviderKeys,
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
      const payload = await this.keys.read(token, provider.jwksUri, {
        issuer: iss,
        audience: provider.audience,
        requiredClaims: ['exp'],
        clockTolerance: PROVIDER_CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.ports.clock.now()),
      });
      const shownAt = shownAtOf(payload, this.ports.clock.now());
      if (shownAt === 'future')
        return this.#refused(domain, name, { reason: 'token-time', claim: 'auth_time' });
      const person = this.#person(domain, provider, payload, shownAt);
      return person ?? this.#refused(domain, name, { reason: 'subject-unusable' });
    } catch (error) {
      const fault = tokenFault(error);
      if (fault) return this.#refused(domain, name, fault);
      const detail = 'the keys of the identity provider cannot be had';
      throw refuse('not-ready', { retryAfter: 5, detail }, { cause: error });
    }
  }

  /** The caller learns nothing but that it is not let in; an operator finds out why. */
  #refused(domain: string, provider: string, why: TokenFault): undefined {
    this.logger.warn({ domain, provider, ...why }, 'a token of the identity provider was refused');
  }

  #person(
    domain: string,
    provider: IdentityProvider,
    payload: JWTPayload,
    authenticatedAt: number | undefined,
  ): ProvidedPerson | undefined {
    const user = providedUser(this.ports, domain, provider, payload);
    if (user === undefined) return undefined;
    const { amr } = payload as { amr?: unknown };
    return {
      user,
      ...(authenticatedAt !== undefined && { authenticatedAt }),
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
