import { Inject, Injectable } from '@nestjs/common';
import { codec, factorNamesFold, factorsStream, type NamedFactors } from '@sparekey/contracts';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import { DomainReader, PORTS, type Ports } from '@sparekey/platform';
import type { Kysely } from 'kysely';
import { auditProjection, type AuditTables } from './projection/index.ts';

/** What the use cases of this room work with. */
@Injectable()
export class AuditRoom {
  readonly #factors: FoldCache<NamedFactors>;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    readonly domains: DomainReader,
  ) {
    this.#factors = new FoldCache(ports.store, codec, factorNamesFold, 1_024);
  }

  /** The factors a person ever had. */
  async factors(domain: string, user: string): Promise<NamedFactors> {
    return (await this.#factors.load(factorsStream(domain, user))).state;
  }

  get database(): Kysely<AuditTables> {
    return this.ports.views.database as unknown as Kysely<AuditTables>;
  }

  /** The table of entries. @throws Refusal `not-ready` */
  async table(): Promise<'entry'> {
    return (await this.ports.views.live(auditProjection))('entry') as 'entry';
  }
}
