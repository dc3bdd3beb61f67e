import { createHash, timingSafeEqual } from 'node:crypto';
import {
  accessTokensStream,
  accountStream,
  codec,
  DOMAIN_ID,
  factorsStream,
  IDENTITY_SERVICE,
  meaningOf,
  sessionsFold,
  userFold,
  tokensStream,
  USER_ID,
  type AccessScope,
  type AccessTokensFact,
  type LivingSessions,
  type Role,
  type User,
  type TokenRole,
  type TokensFact,
} from '@sparekey/contracts';
import type { Envelope, Fold } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import { readBearerToken } from '@sparekey/vault';
import type { Configuration, DomainReader, Ports } from '@sparekey/platform';
import { OPERATOR, type Caller, type Person } from './caller.ts';
import type { ProviderTokens } from './provider-tokens.ts';
import type { SessionTokens } from './session-tokens.ts';

interface LiveToken {
  readonly role: TokenRole;
  readonly service?: string;
  readonly expiresAt?: number;
  readonly digest?: string;
  readonly issuedAt: number;
}

interface LiveAccessToken {
  readonly scopes: readonly AccessScope[];
  readonly epoch: number;
  readonly passwords: number;
  readonly twoStep: boolean;
  readonly expiresAt: number;
  readonly digest?: string;
}

type Tokens<T> = ReadonlyMap<string, T>;

const without = <T>(tokens: Tokens<T>, id: string): Tokens<T> =>
  new Map([...tokens].filter(([tokenId]) => tokenId !== id));

function evolveTokens(tokens: Tokens<LiveToken>, envelope: Envelope): Tokens<LiveToken> {
  const event = envelope as TokensFact & { time: number };
  if (event.type === 'ApiTokenIssued')
    return new Map(tokens).set(event.data.tokenId, { ...event.data, issuedAt: event.time });
  return event.type === 'ApiTokenRevoked' ? without(tokens, event.data.tokenId) : tokens;
}

function evolveAccessTokens(tokens: Tokens<LiveAccessToken>, envelope: Envelope): Tokens<LiveAccessToken> {
  const event = envelope as AccessTokensFact & { time: number };
  if (event.type === 'AccessTokenIssued') return new Map(tokens).set(event.data.tokenId, event.data);
  return event.type === 'AccessTokenRevoked' ? without(tokens, event.data.tokenId) : tokens;
}

const tokensFold = <T>(evolve: Fold<Tokens<T>>['evolve']): Fold<Tokens<T>> => ({
  initialState: () => new Map<string, T>(),
  evolve,
});

/** Compared in constant time. @returns false where no secret is set */
export const isSameSecret = (given: string, secret: string | undefined): boolean =>
  secret !== undefined && timingSafeEqual(digest(given), digest(secret));

/** By what the operator is recognised. */
export const operatorDigest = ({
  operatorToken,
  operatorTokenDigest,
}: Pick<Configuration, 'operatorToken' | 'operatorTokenDigest'>): Buffer | undefined => {
  if (operatorToken !== undefined) return digest(operatorToken);
  return operatorTokenDigest === undefined ? undefined : Buffer.from(operatorTokenDigest, 'hex');
};

/** Whether what the token rests on still stands. */
const outlives = (token: LiveAccessToken, status: User, passwords: number, now: number): boolean =>
  token.expiresAt > now &&
  status.contacts !== undefined &&
  token.epoch === status.epoch &&
  token.passwords === passwords &&
  (token.twoStep || !status.twoStep); // else it rests on a password alone

/** A token says of itself where it belongs; before it is proven that is anybody's text. */
const isDomain = (text: string | undefined): text is string => text !== undefined && DOMAIN_ID.test(text);
const isUser = (text: string | undefined): text is string => text !== undefined && USER_ID.test(text);

const digest = (text: string) => createHash('sha256').update(text).digest();
const KEEP = 4_096;

/** Says who presents a token, reading what it rests on to its end: what is revoked is refused at once. */
export class CallerResolver {
  readonly #ports: Ports;
  readonly #operator: Buffer | undefined;
  readonly #domains: DomainReader;
  readonly #sessionTokens: SessionTokens;
  readonly #providerTokens: ProviderTokens;
  readonly #tokens: FoldCache<Tokens<LiveToken>>;
  readonly #accessTokens: FoldCache<Tokens<LiveAccessToken>>;
  readonly #accounts: FoldCache<LivingSessions>;
  readonly #standings: FoldCache<User>;

  constructor(
    ports: Ports,
    domains: DomainReader,
    sessionTokens: SessionTokens,
    providerTokens: ProviderTokens,
    operatorDigest: Buffer | undefined,
  ) {
    this.#ports = ports;
    this.#operator = operatorDigest;
    this.#domains = domains;
    this.#sessionTokens = sessionTokens;
    this.#providerTokens = providerTokens;
    const { store } = ports;
    this.#tokens = new FoldCache(store, codec, tokensFold(evolveTokens), KEEP);
    this.#accessTokens = new FoldCache(store, codec, tokensFold(evolveAccessTokens), KEEP);
    this.#accounts = new FoldCache(store, codec, sessionsFold, KEEP);
    this.#standings = new FoldCache(store, codec, userFold, KEEP);
  }

  /**
   * @param domain the one that the call is about, where it names one: a provider's tokens are good there alone
   * @returns nothing where the token is none of ours, expired or revoked, or what it rests on is gone
   */
  async resolve(bearer: string, domain: string | undefined): Promise<Caller | undefined> {
    if (this.isOperator(bearer)) return OPERATOR;
    if (bearer.startsWith('skt_')) return this.#apiToken(bearer);
    if (bearer.startsWith('skp_')) return this.#accessToken(bearer);
    return (
      (await this.session(bearer)) ?? (domain === undefined ? undefined : this.#provided(bearer, domain))
    );
  }

  isOperator(bearer: string): boolean {
    return this.#operator !== undefined && timingSafeEqual(digest(bearer), this.#operator);
  }

  /** The roles of a user, now. */
  async rolesOf(domain: string, user: string): Promise<readonly Role[]> {
    return (await this.#domains.load(domain)).state.roles.get(user) ?? [];
  }

  /** Who presents the token of a session. */
  async session(token: string): Promise<Caller | undefined> {
    const { domain, claims } = (await this.#sessionTokens.read(token)) ?? {};
    if (!domain || !claims) return undefined;
    const meaning = meaningOf(claims.acr);
    if (!meaning) return undefined; // it says nothing that a session is for
    const user = claims.sub;
    const [view, status, { sessions }] = await Promise.all([
      this.#domains.load(domain),
      this.#statusOf(domain, user),
      this.#accounts.load(accountStream(domain, user)).then(({ state }) => state),
    ]);
    const living = sessions[claims.sid];
    const service = view.state.services.get(IDENTITY_SERVICE);
    if (!living || living.expiresAt <= this.#ports.clock.now()) return undefined;
    if (!service || living.startedAt < service.since) return undefined; // of an earlier registration
    if (!status.contacts || status.epoch !== claims.epoch) return undefined;
    // two-step verification went on elsewhere: a password alone is not enough any more
    if (status.twoStep && !meaning.isProof && status.enabledIn !== claims.sid) return undefined;
    return person(domain, {
      user,
      roles: view.state.roles.get(user) ?? [],
      twoStep: status.twoStep,
      scope: claims.scope,
      secondStep: meaning.isSecondStep,
      firstAt: claims.first_at * 1_000,
      ...(claims.second_at !== undefined && { secondAt: claims.second_at * 1_000 }),
      session: claims,
    });
  }

  async #apiToken(bearer: string): Promise<Caller | undefined> {
    const presented = readBearerToken('api-token', bearer);
    const [domain, tokenId] = presented?.fields ?? [];
    if (!presented || !isDomain(domain) || !tokenId) return undefined;
    const token = (await this.#tokens.load(tokensStream(domain))).state.get(tokenId);
    if (!token || !presented.matches(token.digest)) return undefined;
    if (token.expiresAt !== undefined && token.expiresAt <= this.#ports.clock.now()) return undefined;
    if (token.role !== 'service') {
      return { role: token.role, domain, actor: { kind: 'administrator', id: tokenId } };
    }
    const service = token.service!;
    const registered = (await this.#domains.load(domain)).state.services.get(service);
    if (!registered || token.issuedAt < registered.since) return undefined; // of an earlier registration
    const { onBehalf, manages = false } = registered;
    return { role: 'service', domain, service, onBehalf, manages, actor: { kind: 'service', id: service } };
  }

  async #accessToken(bearer: string): Promise<Caller | undefined> {
    const presented = readBearerToken('access-token', bearer);
    const [domain, user, tokenId] = presented?.fields ?? [];
    if (!presented || !isDomain(domain) || !isUser(user) || !tokenId) return undefined;
    const [tokens, status, account] = await Promise.all([
      this.#accessTokens.load(accessTokensStream(domain, user)),
      this.#statusOf(domain, user),
      this.#accounts.load(accountStream(domain, user)),
    ]);
    const token = tokens.state.get(tokenId);
    if (!token || !presented.matches(token.digest)) return undefined;
    const now = this.#ports.clock.now();
    if (!outlives(token, status, account.state.passwords, now)) return undefined;
    return person(domain, {
      user,
      roles: [], // roles have effect in sessions alone
      twoStep: status.twoStep,
      scope: 'full',
      accessScopes: token.scopes,
      secondStep: false,
    });
  }

  async #provided(bearer: string, domain: string): Promise<Caller | undefined> {
    const provided = await this.#providerTokens.read(bearer, domain);
    if (!provided) return undefined;
    const { user, authenticatedAt, amr } = provided;
    const [roles, status] = await Promise.all([this.rolesOf(domain, user), this.#statusOf(domain, user)]);
    return person(domain, {
      user,
      roles,
      twoStep: status.twoStep,
      scope: 'full',
      secondStep: amr.includes('mfa'),
      ...(authenticatedAt !== undefined && { firstAt: authenticatedAt }),
    });
  }

  async #statusOf(domain: string, user: string): Promise<User> {
    return (await this.#standings.load(factorsStream(domain, user))).state;
  }
}

const person = (domain: string, who: Person): Caller => ({
  role: 'person',
  domain,
  person: who,
  actor: { kind: 'user', id: who.user },
});
