import { Inject, Injectable } from '@nestjs/common';
import {
  accessTokensStream,
  accountStream,
  attemptsStream,
  claimStream,
  codec,
  refuse,
  tokensStream,
  type AccessTokensFact,
  type AccountFact,
  type AttemptsFact,
  type ClaimFact,
  type TokensFact,
  type DomainView,
} from '@sparekey/contracts';
import { foldOf, type Attempt, type DomainEvent, type Origin, type Outcome } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import {
  CONFIGURATION,
  DomainReader,
  LOGGER,
  OUTBOUND,
  PORTS,
  type Configuration,
  type GuardedFetch,
  type Ports,
} from '@sparekey/platform';
import { SessionTokens } from '@sparekey/access-control';
import type { Logger } from 'pino';
import { accessTokensDecider, type AccessTokens } from './access-tokens.ts';
import { accountFold, type Account } from './account.ts';
import { attemptsDecider, type Attempts } from './attempts.ts';
import { claimDecider, type Claim } from './claims.ts';
import { Guards } from './guards.ts';
import { skeletonOf } from './login.ts';
import { SignInBudget } from './sign-in-budget.ts';
import { tokensDecider, type Tokens } from './tokens.ts';

type Decide<State, Fact> = (attempt: Attempt<State>) => Promise<readonly Fact[]>;

const KEEP = 4_096;

/** What the use cases of this room work with. */
@Injectable()
export class IdentityRoom {
  readonly tokens: FoldCache<Tokens>;
  readonly accessTokens: FoldCache<AccessTokens>;
  readonly accounts: FoldCache<Account>;
  readonly claims: FoldCache<Claim>;
  readonly attempts: FoldCache<Attempts>;
  readonly guards: Guards;
  readonly budget: SignInBudget;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    @Inject(CONFIGURATION) readonly configuration: Configuration,
    @Inject(LOGGER) readonly logger: Logger,
    @Inject(OUTBOUND) readonly outbound: GuardedFetch,
    readonly sessionTokens: SessionTokens,
    readonly domains: DomainReader,
  ) {
    const { store, clock } = ports;
    this.tokens = new FoldCache(store, codec, foldOf(tokensDecider), KEEP);
    this.accessTokens = new FoldCache(store, codec, foldOf(accessTokensDecider), KEEP);
    this.accounts = new FoldCache(store, codec, accountFold, KEEP);
    this.claims = new FoldCache(store, codec, foldOf(claimDecider), KEEP);
    this.attempts = new FoldCache(store, codec, foldOf(attemptsDecider), KEEP);
    this.guards = new Guards(store);
    this.budget = new SignInBudget(clock);
  }

  /** @throws Refusal `not-found` */
  async domain(domain: string): Promise<DomainView> {
    const { state } = await this.domains.load(domain);
    if (state.displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
    return state;
  }

  async account(domain: string, user: string): Promise<Account> {
    return (await this.accounts.load(accountStream(domain, user))).state;
  }

  /** What a login is found by. */
  claimOf(domain: string, login: string): string {
    return this.ports.blindIndex.of('login', domain, skeletonOf(login));
  }

  changeTokens(origin: Origin, attempt: Decide<Tokens, TokensFact>) {
    return this.#change(tokensStream(origin.domain), this.tokens, origin, attempt);
  }

  changeAccessTokens(origin: Origin, attempt: Decide<AccessTokens, AccessTokensFact>) {
    const stream = accessTokensStream(origin.domain, origin.subject!);
    return this.#change(stream, this.accessTokens, origin, attempt);
  }

  changeAccount(origin: Origin, attempt: Decide<Account, AccountFact>) {
    return this.#change(accountStream(origin.domain, origin.subject!), this.accounts, origin, attempt);
  }

  changeClaim(origin: Origin, claim: string, attempt: Decide<Claim, ClaimFact>) {
    return this.#change(claimStream(claim), this.claims, origin, attempt);
  }

  changeAttempts(origin: Origin, attempt: Decide<Attempts, AttemptsFact>) {
    return this.#change(attemptsStream(origin.domain, origin.subject!), this.attempts, origin, attempt);
  }

  #change<State, Fact extends DomainEvent>(
    stream: string,
    cache: FoldCache<State>,
    origin: Origin,
    attempt: Decide<State, Fact>,
  ): Promise<Outcome<State, Fact>> {
    return this.ports.handle({ stream, cache, origin, attempt });
  }
}
