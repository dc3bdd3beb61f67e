import { isIP } from 'node:net';
import { refuse } from '@sparekey/contracts';
import { isLoopback, providedUser, type IdentityProvider } from '@sparekey/platform';
import { LRUCache } from 'lru-cache';
import * as oidc from 'openid-client';
import type { IdentityRoom } from './identity.room.ts';
import type { SecondStep } from './second-step.ts';
import type { FirstStep } from './sessions.ts';
import type { Reservation } from './sign-in-budget.ts';

/** How long a person may take at the provider, in seconds. */
export const PROVIDER_SECONDS = 600;
const KEEP_MS = 600_000;
const RETRY_MS = 10_000;
/** RFC 8176 and what its registry added since. */
const AMR = /^[a-z]{2,16}$/;

/** What the browser keeps meanwhile, sealed. */
export interface Transaction {
  readonly domain: string;
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Whether the session is to be a cookie. */
  readonly cookie: boolean;
  /** The provider has to ask the person anew, however lately it did. */
  readonly fresh: boolean;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** Signing in through the organisation's own provider: OpenID Connect, authorization code with PKCE. */
export class ProviderSignIn {
  readonly #configurations = new LRUCache<string, Promise<oidc.Configuration>>({ max: 256, ttl: KEEP_MS });

  constructor(
    private readonly room: IdentityRoom,
    private readonly secondStep: SecondStep,
  ) {}

  get #redirectUri(): string {
    return `${this.room.configuration.publicUrl}/v1/identity/oidc/callback`;
  }

  /** @returns where to send the browser, and what it has to keep @throws Refusal not-found · not-ready */
  async start(
    domain: string,
    providerId: string,
    { cookie, fresh }: Pick<Transaction, 'cookie' | 'fresh'>,
  ): Promise<{ readonly url: string; readonly transaction: string }> {
    const { policy, providers } = await this.room.domain(domain);
    const configuration = await this.#configuration(providers.get(providerId));
    const [state, nonce, codeVerifier] = [
      oidc.randomState(),
      oidc.randomNonce(),
      oidc.randomPKCECodeVerifier(),
    ];
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      // with it the provider must say when it last saw the person
      max_age: fresh ? '0' : String(policy.sessions.maxHours * 3_600),
    });
    const { handles, clock } = this.room.ports;
    const expiry = (clock.now() + PROVIDER_SECONDS * 1_000).toString(36);
    const how = [cookie ? 'cookie' : 'bearer', fresh ? 'fresh' : 'any'];
    const fields = [domain, providerId, state, nonce, codeVerifier, ...how, expiry];
    return { url: url.href, transaction: handles.seal('provider-sign-in', fields) };
  }

  /** @throws Refusal `sign-in-refused` */
  open(sealed: string | undefined): Transaction {
    const { handles, clock } = this.room.ports;
    const fields = sealed === undefined ? undefined : handles.open('provider-sign-in', sealed);
    const [domain, provider, state, nonce, codeVerifier, kind, age, expiry = ''] = fields ?? [];
    const expiresAt = Number.parseInt(expiry, 36);
    if (!domain || !provider || !state || !nonce || !codeVerifier || !(expiresAt > clock.now())) {
      throw refuse('sign-in-refused', { detail: 'this browser has not begun to sign in, or took too long' });
    }
    const how = { cookie: kind === 'cookie', fresh: age === 'fresh' };
    return { domain, provider, state, nonce, codeVerifier, ...how, expiresAt };
  }

  /**
   * The person is back from the provider. Who is new comes into being here.
   *
   * @param query of the callback @throws Refusal sign-in-refused · not-ready
   */
  async finish(
    { domain, provider: providerId, state, nonce, codeVerifier, fresh }: Transaction,
    query: string,
    { ip, userAgent }: FirstStep['context'],
  ): Promise<FirstStep> {
    const { policy, providers } = await this.room.domain(domain);
    const provider = providers.get(providerId);
    const configuration = await this.#configuration(provider);
    const maxAge = fresh ? PROVIDER_SECONDS : policy.sessions.maxHours * 3_600;
    const reservation = this.room.budget.takeFrom(ip);
    const checks = { state, nonce, codeVerifier, maxAge };
    const claims = await this.#redeem(configuration, query, checks, reservation);
    reservation.succeeded();
    const user = providedUser(this.room.ports, domain, provider!, claims);
    if (user === undefined)
      throw refuse('sign-in-refused', { detail: 'the provider did not say who this is' });
    if (!(await this.room.guards.user(domain, user)).known) {
      await this.secondStep.putUser(domain, user, contactsOf(provider!, claims));
    }
    const { auth_time: shownAt, amr } = claims;
    return {
      domain,
      user,
      amr: Array.isArray(amr)
        ? amr.filter((one): one is string => typeof one === 'string' && AMR.test(one))
        : [],
      passwords: (await this.room.account(domain, user)).living.passwords,
      epoch: (await this.room.guards.user(domain, user)).epoch,
      shownAt: Number(shownAt) * 1_000,
      context: { ip: isIP(ip) ? ip : '0.0.0.0', ...(userAgent !== undefined && { userAgent }) },
    };
  }

  async #redeem(
    configuration: oidc.Configuration,
    query: string,
    checks: Pick<Transaction, 'state' | 'nonce' | 'codeVerifier'> & { readonly maxAge: number },
    reservation: Reservation,
  ): Promise<oidc.IDToken> {
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${this.#redirectUri}${query}`),
        {
          pkceCodeVerifier: checks.codeVerifier,
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          maxAge: checks.maxAge,
          idTokenExpected: true,
        },
      );
      return tokens.claims()!;
    } catch (error) {
      if (isRefusal(error))
        throw refuse('sign-in-refused', { detail: 'the provider refused, or its answer is not good' });
      reservation.withdraw(); // nobody looked at it
      throw unreachable(error);
    }
  }

  /** Asked for once, whoever wants it meanwhile; where it cannot be had, not again for a few seconds. */
  #configuration(provider: IdentityProvider | undefined): Promise<oidc.Configuration> {
    if (provider?.clientId === undefined) throw refuse('not-found');
    const { issuer, clientId } = provider;
    const key = JSON.stringify([issuer, clientId]);
    const kept = this.#configurations.get(key);
    if (kept) return kept;
    const asked = this.#discover(issuer, clientId);
    this.#configurations.set(key, asked);
    asked.catch(() => this.#configurations.set(key, asked, { ttl: RETRY_MS })); // who waits is told; here it only expires
    return asked;
  }

  async #discover(issuer: string, clientId: string): Promise<oidc.Configuration> {
    const local = isLoopback(new URL(this.room.configuration.publicUrl).hostname);
    try {
      const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
        [oidc.customFetch]: this.room.fetch,
        execute: local ? [oidc.allowInsecureRequests] : [],
      });
      configuration[oidc.customFetch] = this.room.fetch;
      return configuration;
    } catch (error) {
      throw unreachable(error);
    }
  }
}

const unreachable = (cause: unknown) =>
  refuse('not-ready', { retryAfter: 5, detail: 'the identity provider cannot be reached' }, { cause });

/** What the provider, or the check of what it said, decided; anything else is a failure on the way. */
const isRefusal = (error: unknown): boolean =>
  error instanceof oidc.AuthorizationResponseError ||
  error instanceof oidc.ResponseBodyError ||
  (error instanceof oidc.ClientError && error.code !== 'OAUTH_TIMEOUT');

function contactsOf({ claims }: IdentityProvider, payload: oidc.IDToken) {
  const text = (claim: string | undefined) => {
    const value = claim === undefined ? undefined : payload[claim];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [email, displayName] = [text(claims.email), text(claims.displayName)];
  return {
    ...(email !== undefined && { emails: [email] }),
    ...(displayName !== undefined && { displayName }),
  };
}
