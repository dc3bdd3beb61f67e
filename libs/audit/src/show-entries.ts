import type { Actor } from '@sparekey/event-sourcing';
import { Shredded, type SealClass } from '@sparekey/vault';
import type { AuditRoom } from './audit.room.ts';
import type { EntryRow, Outcome } from './projection/index.ts';

/** One entry as people and programs see it. */
export interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly outcome: Outcome;
  readonly userId?: string;
  readonly actor: Actor;
  readonly factor?: { readonly factorId: string; readonly type?: string; readonly name?: string };
  /** The kind of factor that was used, or what stood in for one. */
  readonly method?: string;
  /** Which code of which set; never the code. */
  readonly code?: { readonly batchId: string; readonly number?: number };
  readonly service?: string;
  readonly challengeRef?: string;
  readonly sessionId?: string;
  readonly requestId: string;
  /** From where, as far as somebody said so. */
  readonly context?: { readonly ip?: string; readonly userAgent?: string };
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Opens what is sealed in entries and says what their ids mean. What was erased is left out. */
export async function showEntries(room: AuditRoom, rows: readonly EntryRow[]): Promise<Entry[]> {
  const contexts = await contextsOf(room, rows);
  return Promise.all(rows.map((row) => showEntry(room, row, contexts)));
}

async function showEntry(
  room: AuditRoom,
  row: EntryRow,
  contexts: ReadonlyMap<string, EntryRow>,
): Promise<Entry> {
  const holder = row.context === null ? contexts.get(row.context_ref ?? '') : row;
  const context = holder && (await openContext(room, holder));
  const factor = row.factor_id === null ? undefined : await factorOf(room, row, row.factor_id);
  return {
    id: row.event_id,
    at: new Date(row.time).toISOString(),
    action: row.action,
    outcome: row.outcome,
    ...(row.subject !== null && { userId: row.subject }),
    actor: { kind: row.actor_kind, id: row.actor_id },
    ...(factor && { factor }),
    ...(row.method !== null && { method: row.method }),
    ...(row.batch_id !== null && {
      code: { batchId: row.batch_id, ...(row.code_index !== null && { number: row.code_index }) },
    }),
    ...(row.service !== null && { service: row.service }),
    ...(row.challenge_ref !== null && { challengeRef: row.challenge_ref }),
    ...(row.session_id !== null && { sessionId: row.session_id }),
    requestId: row.correlation_id,
    ...(context && { context }),
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as Record<string, unknown> }),
  };
}

/** The entries that say from where the challenges and sessions of these entries came. */
async function contextsOf(
  room: AuditRoom,
  rows: readonly EntryRow[],
): Promise<ReadonlyMap<string, EntryRow>> {
  const refs = rows.flatMap(({ context, context_ref }) =>
    context === null && context_ref !== null ? [context_ref] : [],
  );
  if (refs.length === 0) return new Map();
  const holders = await room.database
    .selectFrom(await room.table())
    .selectAll()
    .where('context_ref', 'in', [...new Set(refs)])
    .where('context', 'is not', null)
    .orderBy('seq')
    .execute();
  return new Map(holders.map((holder) => [holder.context_ref!, holder]));
}

async function openContext(room: AuditRoom, row: EntryRow): Promise<Entry['context'] | undefined> {
  const text = await openOrErased(room, row, 'context', row.context!, row.event_id, 'context');
  return text === undefined ? undefined : (JSON.parse(text) as Entry['context']);
}

async function factorOf(room: AuditRoom, row: EntryRow, factorId: string): Promise<Entry['factor']> {
  const factor = (await room.factors(row.domain, row.subject!)).get(factorId);
  if (!factor) return { factorId };
  const { kind: type, name: sealed } = factor;
  const name = sealed && (await openOrErased(room, row, 'contact', sealed.value, sealed.eventId, 'name'));
  return { factorId, type, ...(name !== undefined && { name }) };
}

async function openOrErased(
  { ports }: AuditRoom,
  { domain, subject }: EntryRow,
  sealClass: SealClass,
  sealed: string,
  eventId: string,
  field: string,
): Promise<string | undefined> {
  const whose = { domain, ...(subject !== null && { user: subject }) };
  return ports.vault.open(whose, sealClass, sealed, { eventId, field }).catch((error: unknown) => {
    if (error instanceof Shredded) return undefined;
    throw error;
  });
}
