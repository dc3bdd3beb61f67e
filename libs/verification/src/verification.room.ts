import { Inject, Injectable } from '@nestjs/common';
import { codec, refuse, verificationStream, type VerificationFact } from '@sparekey/contracts';
import type { Attempt, Origin, Outcome } from '@sparekey/event-sourcing';
import type { Prepared } from '@sparekey/factors';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import {
  CONFIGURATION,
  DomainReader,
  Metrics,
  ceremonyOf,
  PORTS,
  type Configuration,
  type Correlation,
  type Ports,
} from '@sparekey/platform';
import type { SealedTokenKind } from '@sparekey/vault';
import { LRUCache } from 'lru-cache';
import { RESULT_CODE_MS, type Challenge } from './challenges.ts';
import { Guards } from './guards.ts';
import type { Held } from './held.ts';
import { CHALLENGE_ID, RESULT_CODE } from './sealed-tokens.ts';
import { verificationFold, type Verification } from './verification.ts';

/** What a challenge's handle carries. */
export interface ChallengeHandle {
  readonly domain: string;
  readonly user: string;
  readonly challengeRef: string;
  readonly expiresAt: number;
}

/** The field in which what a method asks for is sealed. */
export const PREPARED = 'prepared';

/** The longest challenge there can be (policy bound), in milliseconds. */
const SECRET_MS = 600_000;
const OPEN = 50_000;
const PURGE_MS = 60_000;

/** What the use cases of this room work with. */
@Injectable()
export class VerificationRoom {
  readonly verifications: FoldCache<Verification>;
  readonly guards: Guards;
  readonly publicUrl: string;
  /** Secrets of what is held: of factors opened when a challenge opens, of codes when one is answered; and kept no longer than one can live. */
  readonly #secrets = new LRUCache<string, string>({ max: OPEN, ttl: SECRET_MS });

  /** Handles that this process sealed itself: it need not open them. */
  readonly #opened = new LRUCache<string, ChallengeHandle>({ max: OPEN, ttl: SECRET_MS });

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    @Inject(CONFIGURATION) { publicUrl }: Configuration,
    readonly domains: DomainReader,
    readonly metrics: Metrics,
  ) {
    this.verifications = new FoldCache(ports.store, codec, verificationFold);
    this.guards = new Guards(ports.store, domains);
    this.publicUrl = publicUrl;
    const purge = () => [this.#secrets, this.#opened].forEach((cache) => cache.purgeStale());
    setInterval(purge, PURGE_MS).unref(); // what is stale is not left in memory either
  }

  change(
    origin: Origin,
    attempt: (attempt: Attempt<Verification>) => Promise<readonly VerificationFact[]>,
    commandId?: string,
  ): Promise<Outcome<Verification, VerificationFact>> {
    const stream = verificationStream(origin.domain, origin.subject!);
    const command = commandId === undefined ? {} : { commandId };
    return this.ports.handle({ stream, cache: this.verifications, origin, attempt, ...command });
  }

  sealHandle(handle: ChallengeHandle): string {
    const { domain, user, challengeRef, expiresAt } = handle;
    const challengeId = this.ports.sealedTokens.seal(CHALLENGE_ID, [
      domain,
      user,
      challengeRef,
      expiresAt.toString(36),
    ]);
    this.#opened.set(challengeId, handle);
    return challengeId;
  }

  /** @throws Refusal `not-found` where it is no challenge id of ours, `challenge-expired` where its time is over */
  openHandle(challengeId: string): ChallengeHandle {
    const handle = this.#opened.get(challengeId) ?? this.#unseal(CHALLENGE_ID, challengeId);
    if (handle.expiresAt <= this.ports.clock.now()) throw refuse('challenge-expired');
    return handle;
  }

  #unseal(kind: SealedTokenKind, text: string): ChallengeHandle {
    const [domain, user, challengeRef, expiry] = this.ports.sealedTokens.open(kind, text) ?? [];
    if (!domain || !user || !challengeRef || !expiry)
      throw refuse('not-found', { detail: 'this challenge is not known' });
    return { domain, user, challengeRef, expiresAt: Number.parseInt(expiry, 36) };
  }

  /** Where a passed hosted challenge goes, with a code for which the service gets the result, once, within a minute. */
  redirectTo(handle: ChallengeHandle, { hosted, signInId }: Challenge): string {
    const { domain, user, challengeRef } = handle;
    const expiry = (this.ports.clock.now() + RESULT_CODE_MS).toString(36);
    const url = new URL(hosted!.returnUrl);
    url.searchParams.append('signInId', signInId!);
    url.searchParams.append(
      'code',
      this.ports.sealedTokens.seal(RESULT_CODE, [domain, user, challengeRef, expiry]),
    );
    return url.href;
  }

  /** @throws Refusal `not-found`, `challenge-expired` */
  openResultCode(code: string): ChallengeHandle {
    const handle = this.#unseal(RESULT_CODE, code);
    if (handle.expiresAt <= this.ports.clock.now()) throw refuse('challenge-expired');
    return handle;
  }

  /** @returns nothing where its kind keeps all of it in clear */
  async secret(
    { domain, user }: Pick<ChallengeHandle, 'domain' | 'user'>,
    { holder, secret, sealedAs: { sealClass, field } }: Held,
  ): Promise<string | undefined> {
    if (!secret) return undefined;
    const kept = this.#secrets.get(holder);
    if (kept !== undefined) return kept;
    const context = { eventId: secret.eventId, field };
    const opened = await this.ports.vault.open({ domain, user }, sealClass, secret.value, context);
    this.#secrets.set(holder, opened);
    return opened;
  }

  /** To whom and where the ceremonies of this user are bound. */
  ceremonyOf(whose: { readonly domain: string; readonly user: string }) {
    return ceremonyOf(this.publicUrl, this.ports.blindIndex, whose);
  }

  /** What an answer is compared with, where its method was made to ask for something in this challenge. */
  async expected(
    { domain, user }: Pick<ChallengeHandle, 'domain' | 'user'>,
    { prompts }: Challenge,
    { method, holder }: Held,
    at: number,
  ): Promise<string | undefined> {
    const prompt = prompts?.[method];
    if (!prompt || (prompt.factorId ?? holder) !== holder || (prompt.expiresAt ?? Infinity) <= at)
      return undefined;
    const context = { eventId: prompt.eventId, field: PREPARED };
    const opened = await this.ports.vault.open({ domain, user }, 'factor', prompt.value, context);
    return (JSON.parse(opened) as Prepared).expected;
  }
}

/** Who answers is the user, as far as the challenge id proves it: it was handed to whoever did the first step. */
export function originOfHolder({ domain, user }: ChallengeHandle, correlation: Correlation): Origin {
  return { domain, subject: user, actor: { kind: 'user', id: user }, ...correlation };
}
