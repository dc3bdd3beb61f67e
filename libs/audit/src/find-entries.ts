import { refuse } from '@sparekey/contracts';
import type { AuditRoom } from './audit.room.ts';
import type { EntryRow, Outcome } from './projection/index.ts';

export interface Filter {
  readonly domain: string;
  readonly user?: string;
  readonly action?: string;
  readonly outcome?: Outcome;
  /** Unix milliseconds; `to` is not included. */
  readonly from?: number;
  readonly to?: number;
}

/** A place between two entries. */
export interface Place {
  readonly time: number;
  readonly seq: number;
}

export const placeOf = ({ time, seq }: EntryRow): Place => ({ time, seq });

/** Opaque to who gets it. */
export const cursorOf = ({ time, seq }: Place): string =>
  Buffer.from(`${time}.${seq}`, 'ascii').toString('base64url');

/** @throws Refusal `validation-failed` */
export function readCursor(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString('ascii');
  const [, time, seq] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
  if (time === undefined || seq === undefined)
    throw refuse('validation-failed', {
      errors: [{ field: 'cursor', message: 'is no cursor of this list' }],
    });
  return { time: Number(time), seq: Number(seq) };
}

/** Entries behind a place, newest first or, to follow or export, oldest first. */
export async function findEntries(
  room: AuditRoom,
  { domain, user, action, outcome, from, to }: Filter,
  order: 'newest-first' | 'oldest-first',
  after: Place | undefined,
  limit: number,
): Promise<EntryRow[]> {
  const direction = order === 'newest-first' ? 'desc' : 'asc';
  let query = room.database
    .selectFrom(await room.table())
    .selectAll()
    .where('domain', '=', domain)
    .orderBy('time', direction)
    .orderBy('seq', direction)
    .limit(limit);
  if (user !== undefined) query = query.where('subject', '=', user);
  if (action !== undefined) query = query.where('action', '=', action);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (from !== undefined) query = query.where('time', '>=', from);
  if (to !== undefined) query = query.where('time', '<', to);
  if (after) {
    const comparison = order === 'newest-first' ? '<' : '>';
    query = query.where((expression) =>
      expression(expression.refTuple('time', 'seq'), comparison, expression.tuple(after.time, after.seq)),
    );
  }
  return query.execute();
}
