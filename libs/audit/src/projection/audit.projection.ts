import { heldOf, type Fact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { bulkInsert, rowNumber, rowSum, type Projection } from '@sparekey/read-models';
import { sql, type Kysely } from 'kysely';
import { ROWS, type Row, type Silent } from './rows.ts';
import { COLUMNS, INDEXES, type AuditTables, type EntryRow } from './tables.ts';

type Values = Omit<EntryRow, 'seq'>;

/** Fields of events that have a column of their own. */
interface Known {
  readonly user?: string;
  readonly factorId?: string;
  readonly kind?: string;
  readonly method?: string;
  readonly batchId?: string;
  readonly index?: number;
  readonly service?: string;
  readonly challengeRef?: string;
  readonly sessionId?: string;
  readonly context?: string;
}

/** The row of an event; nothing where it has none. */
export function entryOf(event: Envelope): Values | undefined {
  const row = (ROWS as Readonly<Record<string, Row | Silent>>)[event.type]; // a summary has none
  if (!row || 'silent' in row) return undefined;
  const fact = event as Envelope & Fact;
  const held = fact.type === 'ChallengePassed' ? heldOf(fact.data) : {};
  const data = { ...event.data, ...held } as Known & Record<string, unknown>;
  const method = event.type === 'FactorAdded' ? data.kind : data.method;
  const sessionId = event.sessionId ?? data.sessionId;
  // a challenge says from where before a session does; a session that it led to says so by itself
  const contextRef = event.type === 'SessionStarted' ? sessionId : (data.challengeRef ?? sessionId);
  return {
    event_id: event.id,
    domain: event.domain,
    subject: orNull(event.subject ?? data.user),
    time: event.time,
    action: row.action,
    outcome: row.outcome,
    actor_kind: event.actor.kind,
    actor_id: event.actor.id,
    factor_id: orNull(data.factorId),
    method: orNull(method),
    batch_id: orNull(data.batchId),
    code_index: orNull(data.index),
    service: orNull(data.service),
    challenge_ref: orNull(data.challengeRef),
    session_id: orNull(sessionId),
    correlation_id: event.correlationId,
    context: orNull(data.context),
    context_ref: orNull(contextRef),
    detail: detailOf(row, data),
  };
}

const orNull = <T>(value: T | undefined): T | null => value ?? null;

function detailOf({ detail = [] }: Row, data: Readonly<Record<string, unknown>>): string | null {
  const shown = detail.filter((name) => data[name] !== undefined).map((name) => [name, data[name]] as const);
  return shown.length === 0 ? null : JSON.stringify(Object.fromEntries(shown));
}

/** The audit log: one row a fact, in the order of the log. */
export const auditProjection: Projection = {
  name: 'audit',
  version: 1,
  tables: ['entry'],

  async create(database, name) {
    const table = name('entry');
    await database.schema
      .createTable(table)
      .addColumn('seq', rowNumber(database), (column) => column.primaryKey())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('subject', 'text')
      .addColumn('time', 'bigint', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('actor_kind', 'text', (column) => column.notNull())
      .addColumn('actor_id', 'text', (column) => column.notNull())
      .addColumn('factor_id', 'text')
      .addColumn('method', 'text')
      .addColumn('batch_id', 'text')
      .addColumn('code_index', 'integer')
      .addColumn('service', 'text')
      .addColumn('challenge_ref', 'text')
      .addColumn('session_id', 'text')
      .addColumn('correlation_id', 'text', (column) => column.notNull())
      .addColumn('context', 'text')
      .addColumn('context_ref', 'text')
      .addColumn('detail', 'text')
      .execute();
    for (const [index, columns] of Object.entries(INDEXES)) {
      await database.schema
        .createIndex(`${table}_${index}`)
        .on(table)
        .columns([...columns])
        .execute();
    }
    const holder = database.schema.createIndex(`${table}_by_context`).on(table).column('context_ref');
    await holder.where(sql.ref('context'), 'is not', null).execute();
  },

  async apply(database, name, events) {
    const table = name('entry') as 'entry';
    const { last } = await (database as unknown as Kysely<AuditTables>)
      .selectFrom(table)
      .select(({ fn }) => fn.max('seq').as('last'))
      .executeTakeFirstOrThrow();
    let seq = (last as number | null) ?? 0;
    let sum = 0n;
    const rows: unknown[][] = [];
    for (const event of events) {
      const entry = entryOf(event);
      if (!entry) continue;
      const row: EntryRow = { seq: ++seq, ...entry };
      const values = COLUMNS.map((column) => row[column]);
      sum += rowSum(values);
      rows.push(values);
    }
    await bulkInsert(database, table, COLUMNS, rows);
    return sum;
  },
};
