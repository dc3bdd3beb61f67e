import { Readable } from 'node:stream';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { refuse } from '@sparekey/contracts';
import { Allow, Logged, StillAllowed, type Reauthorize } from '@sparekey/access-control';
import {
  Answers,
  Correlated,
  DomainParam,
  Health,
  UserParam,
  type AnswerOf,
  type Correlation,
} from '@sparekey/platform';
import type { FastifyReply } from 'fastify';
import { AuditRoom } from '../audit.room.ts';
import { exportEntries } from '../export-entries.ts';
import { cursorOf, findEntries, placeOf, readCursor, type Filter } from '../find-entries.ts';
import { followEntries } from '../follow-entries.ts';
import { showEntries } from '../show-entries.ts';
import { ENTRIES } from './answers.ts';
import { ExportQuery, OwnPageQuery, PageQuery, StreamQuery, type FilterQuery } from './bodies.ts';

const TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' };
const PAGE = 50;

function filterOf(domain: string, { action, outcome, from, to }: FilterQuery, user?: string): Filter {
  return {
    domain,
    ...(user !== undefined && { user }),
    ...(action !== undefined && { action }),
    ...(outcome !== undefined && { outcome }),
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: Date.parse(to) }),
  };
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/domains/:domain')
export class AuditController {
  constructor(
    private readonly room: AuditRoom,
    private readonly health: Health,
  ) {}

  @Get('audit')
  @Allow('auditor')
  @Answers(200, 'A page, newest first', ENTRIES)
  async getAudit(
    @DomainParam() domain: string,
    @Query() query: PageQuery,
  ): Promise<AnswerOf<typeof ENTRIES>> {
    await this.#expectDomain(domain);
    return this.#page(filterOf(domain, query, query.user), query);
  }

  /** A person's own security log. */
  @Get('users/:user/audit')
  @Allow('self', 'auditor')
  @Answers(200, 'A page, newest first', ENTRIES)
  async getUserAudit(
    @DomainParam() domain: string,
    @UserParam() user: string,
    @Query() query: OwnPageQuery,
  ): Promise<AnswerOf<typeof ENTRIES>> {
    await this.#expectDomain(domain);
    return this.#page(filterOf(domain, query, user), query);
  }

  @Get('audit/export')
  @Allow('auditor')
  @Logged()
  @Answers(200, 'Entries, oldest first', undefined, ['application/x-ndjson', 'text/csv'])
  async exportAudit(
    @DomainParam() domain: string,
    @Query() query: ExportQuery,
    @StillAllowed() reauthorize: Reauthorize,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#expectDomain(domain);
    await this.room.table(); // refused now rather than in the middle
    const { format } = query;
    const entries = exportEntries(this.room, filterOf(domain, query, query.user), format, reauthorize);
    await reply
      .header('content-type', TYPES[format])
      .header('content-disposition', `attachment; filename="sparekey-audit-${domain}.${format}"`)
      .send(Readable.from(entries));
  }

  /** Server-sent events, from now on or behind `Last-Event-ID`. */
  @Get('audit/stream')
  @Allow('auditor')
  @Logged()
  @Answers(200, 'Entries as they come', undefined, ['text/event-stream'])
  async streamAudit(
    @DomainParam() domain: string,
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Correlated() { correlationId: requestId }: Correlation,
    @StillAllowed() reauthorize: Reauthorize,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#expectDomain(domain);
    await this.room.table();
    const from = lastEventId ? readCursor(lastEventId) : undefined; // an empty one is none
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.health.stopping]);
    const entries = followEntries(
      this.room,
      filterOf(domain, query, query.user),
      { from, requestId },
      reauthorize,
      signal,
    );
    await reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .send(Readable.from(entries));
  }

  async #page(filter: Filter, { cursor, limit = PAGE }: OwnPageQuery) {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const rows = await findEntries(this.room, filter, 'newest-first', after, limit + 1);
    const items = await showEntries(this.room, rows.slice(0, limit));
    const next = rows.length > limit ? cursorOf(placeOf(rows[limit - 1]!)) : null;
    return { items, next };
  }

  async #expectDomain(domain: string): Promise<void> {
    const { state } = await this.room.domains.load(domain);
    if (state.displayName === undefined) throw refuse('not-found', { detail: 'there is no such domain' });
  }
}
