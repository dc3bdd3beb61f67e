import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditRoom } from './audit.room.ts';
import { cursorOf, placeOf, type Filter, type Place } from './find-entries.ts';
import type { EntryRow } from './projection/index.ts';
import { showEntries } from './show-entries.ts';

const LOOK_MS = 250;
const PAGE = 100;
/** Proxies end connections on which nothing is said. */
const BEAT_MS = 15_000;
const FIRST_BEAT_MS = 1_000;

/** For so long it is waited for the entry of the look itself, which was in the log before. */
const OWN_LOOK_MS = 1_000;
/** Entries at the end among which it is searched. */
const OWN_LOOK_WITHIN = 1_000;

/**
 * New entries as they come, as server-sent events whose ids go on after a broken connection (`Last-Event-ID`).
 *
 * @param from where to go on; else it begins behind the entry that tells of this very look
 * @param requestId of this look
 * @param reauthorize asked before anything is sent; throws where who asked may no longer see it
 */
export async function* followEntries(
  room: AuditRoom,
  filter: Filter,
  { from, requestId }: { readonly from: Place | undefined; readonly requestId: string },
  reauthorize: () => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let seq = from?.seq ?? (await behindOwnLook(room, requestId, signal));
  let silentSince = Date.now();
  // An id at once: who is cut off before the first entry goes on from here. It stands behind the byte order mark with which
  // a stream may begin (WHATWG HTML section 9.2.5), where programs that take the first line `id:` for that of an entry do
  // not see it; those that do not know the mark get it again with the first sign of life.
  const begun = cursorOf(from ?? { time: 0, seq });
  let beat = FIRST_BEAT_MS;
  yield `\ufeffid: ${begun}\n: the audit log\n\n`;
  while (!signal.aborted) {
    const last = await lastSeq(room); // before the page: what comes later is seen the next time
    const rows = await newerThan(room, filter, seq, last);
    if (rows.length > 0) {
      await reauthorize();
      for (const [n, entry] of (await showEntries(room, rows)).entries())
        yield `id: ${cursorOf(placeOf(rows[n]!))}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`;
      silentSince = Date.now();
      beat = BEAT_MS;
    } else if (Date.now() - silentSince > beat) {
      await reauthorize();
      yield beat === FIRST_BEAT_MS ? `id: ${begun}\n: still here\n\n` : ': still here\n\n';
      silentSince = Date.now();
      beat = BEAT_MS;
    }
    seq = rows.length < PAGE ? last : rows.at(-1)!.seq;
    if (rows.length < PAGE) await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined); // aborted
  }
}

/** Where nothing tells of it in time, it begins where the entries end. */
async function behindOwnLook(room: AuditRoom, requestId: string, signal: AbortSignal): Promise<number> {
  for (const until = Date.now() + OWN_LOOK_MS; ; await sleep(LOOK_MS / 5)) {
    const last = await lastSeq(room);
    const own = await room.database
      .selectFrom(await room.table())
      .select('seq')
      .where('seq', '>', last - OWN_LOOK_WITHIN)
      .where('correlation_id', '=', requestId)
      .executeTakeFirst();
    if (own) return own.seq;
    if (Date.now() > until || signal.aborted) return last;
  }
}

async function lastSeq(room: AuditRoom): Promise<number> {
  const { last } = await room.database
    .selectFrom(await room.table())
    .select(({ fn }) => fn.max('seq').as('last'))
    .executeTakeFirstOrThrow();
  return last ?? 0;
}

/** By their place in the log, in which none comes in late; their times need not be in order. */
async function newerThan(
  room: AuditRoom,
  { domain, user, action, outcome }: Filter,
  after: number,
  last: number,
): Promise<EntryRow[]> {
  if (after >= last) return [];
  let query = room.database
    .selectFrom(await room.table())
    .selectAll()
    .where('seq', '>', after)
    .where('seq', '<=', last)
    .where('domain', '=', domain)
    .orderBy('seq')
    .limit(PAGE);
  if (user !== undefined) query = query.where('subject', '=', user);
  if (action !== undefined) query = query.where('action', '=', action);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  return query.execute();
}
