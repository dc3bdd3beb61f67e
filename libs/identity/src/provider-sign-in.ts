import { refuse, type IdentityProvider } from '@sparekey/contracts';
import { isLoopback } from '@sparekey/platform';
import {
  PROVIDER_CLOCK_TOLERANCE_SECONDS,
  providedUser,
  shownAtOf,
  tokenFault,
  type ProviderKeys,
} from '@sparekey/access-control';
import { LRUCache } from 'lru-cache';
import * as oidc from 'openid-client';
import type { IdentityRoom } from './identity.room.ts';
import { contactsOf } from './provider-claims.ts';
import { refusalOf, type ProviderRefusal } from './provider-refusals.ts';
import type { SecondStep } from './second-step.ts';
import type { FirstStep } from './sessions.ts';
import type { Reservation } from './sign-in-budget.ts';
import { PROVIDER_SIGN_IN } from './sealed-tokens.ts';

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
    private readonly keys: ProviderKeys,
  ) {}

  get #redirectUri(): string {
    return `${this.room.configuration.publicUrl}/v1/identity/oidc/callback`;
  }

  /** @returns where to send the browser, and what it has to keep @throws Refusal not-found · not-ready */
  async start(
    domain: string,
    providerId: string,
    { cookie, fresh }: Pick<Transaction, 'cookie' | 'fresh'>,
  ): Promise<{ readonly url: string; readonly state: string; readonly transaction: string }> {
    const { policy, providers } = await this.room.domain(domain);
    const configuration = await this.#configuration(domain, providerId, providers.get(providerId));
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
    const { sealedTokens, clock } = this.room.ports;
    const expiry = (clock.now() + PROVIDER_SECONDS * 1_000).toString(36);
    const how = [cookie ? 'cookie' : 'bearer', fresh ? 'fresh' : 'any'];
    const fields = [domain, providerId, state, nonce, codeVerifier, ...how, expiry];
    return { url: url.href, state, transaction: sealedTokens.seal(PROVIDER_SIGN_IN, fields) };
  }

  /** @throws Refusal `sign-in-refused` */
  open(sealed: string | undefined): Transaction {
    const { sealedTokens, clock } = this.room.ports;
    const fields = sealed === undefined ? undefined : sealedTokens.open(PROVIDER_SIGN_IN, sealed);
    const [domain, provider, state, nonce, codeVerifier, kind, age, expiry = ''] = fields ?? [];
    const expiresAt = Number.parseInt(expiry, 36);
    if (!domain || !provider || !state || !nonce || !codeVerifier || !(expiresAt > clock.now())) {
      const reason = fields === undefined ? 'browser-unknown' : 'too-late';
      throw this.#refused({ reason }, 'this browser has not begun to sign in, or took too long');
    }
    const how = { cookie: kind === 'cookie', fresh: age === 'fresh' };
    return { domain, provider, state, nonce, codeVerifier, ...how, expiresAt };
  }

  /**
   * The person is back from the provider. Who is new comes into being here.
   *
   * @param said the parameters of the callback that a sign-in is made of @throws Refusal sign-in-refused · not-ready
   */
  async finish(
    { domain, provider: providerId, state, nonce, codeVerifier, fresh }: Transaction,
    said: URLSearchParams,
    context: FirstStep['context'],
  ): Promise<FirstStep> {
    const { policy, providers } = await this.room.domain(domain);
    const provider = providers.get(providerId);
    const configuration = await this.#configuration(domain, providerId, provider);
    const maxAge = fresh ? PROVIDER_SECONDS : policy.sessions.maxHours * 3_600;
    const reservation = this.room.budget.takeFrom(context.ip);
    const checks = { state, nonce, codeVerifier, maxAge, jwksUri: provider!.jwksUri };
    const where = { domain, provider: providerId };
    const claims = await this.#redeem(configuration, said, checks, reservation, where);
    const shownAt = shownAtOf(claims, this.room.ports.clock.now());
    if (typeof shownAt !== 'number') {
      const refusal = { ...where, reason: 'id-token-time', claim: 'auth_time' };
      throw this.#refused(
        refusal,
        'the provider did not say when it last saw the person, or named a time to come',
      );
    }
    reservation.succeeded();
    const user = providedUser(this.room.ports, domain, provider!, claims);
    if (user === undefined)
      throw this.#refused({ ...where, reason: 'subject-unusable' }, 'the provider did not say who this is');
    if (!(await this.room.guards.user(domain, user)).contacts)
      await this.#register(where, user, provider!, claims);
    const { amr } = claims;
    return {
      domain,
      user,
      amr: Array.isArray(amr)
        ? amr.filter((one): one is string => typeof one === 'string' && AMR.test(one))
        : [],
      passwords: (await this.room.account(domain, user)).living.passwords,
      epoch: (await this.room.guards.user(domain, user)).epoch,
      shownAt,
      context,
    };
  }

  async #register(
    where: Where,
    user: string,
    provider: IdentityProvider,
    claims: oidc.IDToken,
  ): Promise<void> {
    const { contacts, leftOut } = contactsOf(provider, claims, await this.room.ports.acceptsSmtpUtf8());
    for (const { field, how } of leftOut)
      this.room.logger.warn(
        { ...where, field, how },
        'a claim of the identity provider was not taken as it is',
      );
    await this.secondStep.putUser(where.domain, user, contacts);
  }

  #refused(refusal: Partial<Where> & ProviderRefusal, detail: string): Error {
    this.room.logger.warn(refusal, 'a sign-in through the identity provider was refused');
    return refuse('sign-in-refused', { detail });
  }

  async #redeem(
    configuration: oidc.Configuration,
    said: URLSearchParams,
    checks: Pick<Transaction, 'state' | 'nonce' | 'codeVerifier'> & {
      readonly maxAge: number;
      readonly jwksUri: string;
    },
    reservation: Reservation,
    where: Where,
  ): Promise<oidc.IDToken> {
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${this.#redirectUri}?${said.toString()}`),
        {
          pkceCodeVerifier: checks.codeVerifier,
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          maxAge: checks.maxAge,
          idTokenExpected: true,
        },
      );
      // by the keys that the operator registered, whatever the provider's own description names
      await this.keys.requireSignature(tokens.id_token!, checks.jwksUri);
      return tokens.claims()!;
    } catch (error) {
      const refusal = refusalOf(error) ?? tokenFault(error);
      if (refusal)
        throw this.#refused({ ...where, ...refusal }, 'the provider refused, or its answer is not good');
      reservation.withdraw(); // nobody looked at it
      throw this.#unreachable(where, error);
    }
  }

  /** Asked for once, whoever wants it meanwhile; where it cannot be had, not again for a few seconds. */
  #configuration(
    domain: string,
    providerId: string,
    provider: IdentityProvider | undefined,
  ): Promise<oidc.Configuration> {
    if (provider?.clientId === undefined)
      throw refuse('not-found', { detail: 'there is no such identity provider to sign in through' });
    const { issuer, clientId } = provider;
    const key = JSON.stringify([issuer, clientId]);
    const kept = this.#configurations.get(key);
    if (kept) return kept;
    const asked = this.#discover(issuer, clientId).catch((error: unknown) => {
      throw this.#unreachable({ domain, provider: providerId }, error);
    });
    this.#configurations.set(key, asked);
    asked.catch(() => this.#configurations.set(key, asked, { ttl: RETRY_MS })); // who waits is told; here it only expires
    return asked;
  }

  /** An issuer is compared to the letter (OpenID Connect Discovery 1.0 section 4.3); settings have a slash too many or too few. */
  async #discover(issuer: string, clientId: string): Promise<oidc.Configuration> {
    try {
      return await this.#ask(issuer, clientId);
    } catch (error) {
      if (refusalOf(error)?.reason !== 'issuer-mismatch') throw error;
      return this.#ask(issuer.endsWith('/') ? issuer.slice(0, -1) : `${issuer}/`, clientId);
    }
  }

  async #ask(issuer: string, clientId: string): Promise<oidc.Configuration> {
    const { fetch } = this.room.outbound;
    const local = isLoopback(new URL(this.room.configuration.publicUrl).hostname);
    const client = { [oidc.clockTolerance]: PROVIDER_CLOCK_TOLERANCE_SECONDS };
    const configuration = await oidc.discovery(new URL(issuer), clientId, client, oidc.None(), {
      [oidc.customFetch]: fetch,
      execute: local ? [oidc.allowInsecureRequests] : [],
    });
    configuration[oidc.customFetch] = fetch;
    return configuration;
  }

  #unreachable(where: Where, cause: unknown): Error {
    const reasons = causesOf(cause);
    this.room.logger.warn(
      { ...where, reason: 'unreachable', causes: reasons },
      'an identity provider was not reached',
    );
    return refuse(
      'not-ready',
      { retryAfter: 5, detail: 'the identity provider cannot be reached' },
      { cause },
    );
  }
}

interface Where {
  readonly domain: string;
  readonly provider: string;
}

/** What went wrong, down to the first reason: clients wrap the one that helps an operator. */
function causesOf(error: unknown): string[] {
  const { message = String(error), cause } = error as Error;
  return cause === undefined ? [message] : [message, ...causesOf(cause)];
}
