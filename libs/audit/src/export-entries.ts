import { stringify } from 'csv-stringify/sync';
import type { AuditRoom } from './audit.room.ts';
import { findEntries, placeOf, type Filter, type Place } from './find-entries.ts';
import { showEntries, type Entry } from './show-entries.ts';

export const FORMATS = ['ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const PAGE = 200;

/** Columns of the CSV, in their order. */
const COLUMNS: Record<string, (entry: Entry) => unknown> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  userId: ({ userId }) => userId,
  actorKind: ({ actor }) => actor.kind,
  actorId: ({ actor }) => actor.id,
  factorId: ({ factor }) => factor?.factorId,
  factorType: ({ factor }) => factor?.type,
  factorName: ({ factor }) => factor?.name,
  method: ({ method }) => method,
  batchId: ({ code }) => code?.batchId,
  codeNumber: ({ code }) => code?.number,
  service: ({ service }) => service,
  challengeRef: ({ challengeRef }) => challengeRef,
  sessionId: ({ sessionId }) => sessionId,
  requestId: ({ requestId }) => requestId,
  ip: ({ context }) => context?.ip,
  userAgent: ({ context }) => context?.userAgent,
  detail: ({ detail }) => detail && JSON.stringify(detail),
};

/** Formulas are written so that no spreadsheet runs them. */
const csv = (rows: readonly unknown[][]) =>
  stringify(rows as unknown[][], { escape_formulas: true, record_delimiter: 'windows' });

const WRITERS: Record<Format, { head: string; write: (entries: readonly Entry[]) => string }> = {
  ndjson: { head: '', write: (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') },
  csv: {
    head: `\ufeff${csv([Object.keys(COLUMNS)])}`, // by the byte order mark spreadsheets know that it is UTF-8
    write: (entries) => csv(entries.map((entry) => Object.values(COLUMNS).map((column) => column(entry)))),
  },
};

/**
 * Everything that fits the filter, oldest first, page by page: memory stays flat however much it is.
 *
 * @param reauthorize asked before each page; throws where who asked may no longer see it
 */
export async function* exportEntries(
  room: AuditRoom,
  filter: Filter,
  format: Format,
  reauthorize: () => Promise<void>,
): AsyncGenerator<string> {
  const { head, write } = WRITERS[format];
  if (head) yield head;
  for (let after: Place | undefined; ;) {
    await reauthorize();
    const rows = await findEntries(room, filter, 'oldest-first', after, PAGE);
    if (rows.length > 0) yield write(await showEntries(room, rows));
    if (rows.length < PAGE) return;
    after = placeOf(rows.at(-1)!);
  }
}
