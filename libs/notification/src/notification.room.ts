import { Inject, Injectable } from '@nestjs/common';
import {
  codec,
  codesFold,
  codesStream,
  factorNamesFold,
  factorsStream,
  ledgerFold,
  verificationStream,
  type CodeSet,
  type Ledger,
  type NamedFactors,
  type NoticeFact,
} from '@sparekey/contracts';
import { foldOf, type Attempt, type Origin, type Outcome } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import {
  CONFIGURATION,
  DomainReader,
  LOGGER,
  Metrics,
  PORTS,
  type Configuration,
  type Ports,
} from '@sparekey/platform';
import type { Logger } from 'pino';
import { HourlyCount } from './hourly-count.ts';
import { noticeDecider, type Notice } from './notice.ts';
import type { Sender } from './ports/index.ts';

/** Injection token of the senders that the app has, at most one for each channel. */
export const SENDERS = Symbol('Senders');

/** What the use cases of this room work with. */
@Injectable()
export class NotificationRoom {
  readonly notices: FoldCache<Notice>;
  readonly budget = new HourlyCount();
  readonly #codes: FoldCache<CodeSet | undefined>;
  readonly #ledgers: FoldCache<Ledger>;
  readonly #factors: FoldCache<NamedFactors>;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    @Inject(CONFIGURATION) readonly configuration: Configuration,
    @Inject(SENDERS) readonly senders: readonly Sender[],
    @Inject(LOGGER) readonly logger: Logger,
    readonly domains: DomainReader,
    readonly metrics: Metrics,
  ) {
    this.notices = new FoldCache(ports.store, codec, foldOf(noticeDecider), 4_096);
    this.#codes = new FoldCache(ports.store, codec, codesFold, 256);
    this.#ledgers = new FoldCache(ports.store, codec, ledgerFold, 256);
    this.#factors = new FoldCache(ports.store, codec, factorNamesFold, 256);
  }

  changeNotice(
    origin: Origin,
    stream: string,
    attempt: (attempt: Attempt<Notice>) => Promise<readonly NoticeFact[]>,
  ): Promise<Outcome<Notice, NoticeFact>> {
    return this.ports.handle({ stream, cache: this.notices, origin, attempt });
  }

  /** What a person calls a factor that they have, or had; nothing where it has no name. @throws Shredded */
  async nameOf(domain: string, user: string, factorId: string): Promise<string | undefined> {
    const { state } = await this.#factors.load(factorsStream(domain, user));
    const name = state.get(factorId)?.name;
    if (!name) return undefined;
    const place = { eventId: name.eventId, field: 'name' };
    return this.ports.vault.open({ domain, user }, 'contact', name.value, place);
  }

  /** Codes of a set that are left; nothing where another set has taken its place. */
  async codesLeft(domain: string, user: string, batchId: string): Promise<number | undefined> {
    const { state: set } = await this.#codes.load(codesStream(domain, user));
    const { state: ledger } = await this.#ledgers.load(verificationStream(domain, user));
    if (set?.batchId !== batchId) return undefined;
    return set.total - (ledger.consumed[batchId]?.items?.length ?? 0);
  }
}
