import { Inject, Injectable } from '@nestjs/common';
import { DomainReader, PORTS, type Ports } from '@sparekey/platform';
import type { Kysely } from 'kysely';
import { FactorNames } from './factor-names.ts';
import { auditProjection, type AuditTables } from './projection/index.ts';

/** What the use cases of this room work with. */
@Injectable()
export class AuditRoom {
  readonly factors: FactorNames;

  constructor(
    @Inject(PORTS) readonly ports: Ports,
    readonly domains: DomainReader,
  ) {
    this.factors = new FactorNames(ports.store);
  }

  get database(): Kysely<AuditTables> {
    return this.ports.views.database as unknown as Kysely<AuditTables>;
  }

  /** The table of entries. @throws Refusal `not-ready` */
  async table(): Promise<'entry'> {
    return (await this.ports.views.live(auditProjection))('entry') as 'entry';
  }
}
