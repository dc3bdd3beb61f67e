import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleServerStreamingCall } from '@grpc/grpc-js';
import { setImmediate as others } from 'node:timers/promises';
import type { Access } from './access.ts';
import { eventAnswer, streamNotFoundAnswer } from './answers.ts';
import type { Faults } from './faults.ts';
import type { Log } from './log.ts';
import type { Filter } from './filter.ts';
import type { Heading, RecordedEvent } from './records.ts';
import { noPlace, refusalOf, streamDeleted } from './refusals.ts';
import { readQuery, type ReadQuery } from './requests.ts';
import { DELETED } from './retention.ts';
import { send, type ReadCall } from './send.ts';
import { Subscription, type Subscriptions } from './subscriptions.ts';

/** Events looked at in one go. */
const PAGE = 128;
/** The same where a filter picks a few of them; afterwards others have their turn. */
const SEARCHED = 256;

/** Serves reads and subscriptions: they are one call, told apart by whether it says how many events it wants. */
export const serveRead =
  (
    log: Log,
    access: Access,
    faults: Faults,
    subscriptions: Subscriptions,
  ): handleServerStreamingCall<ReadReq, ReadResp> =>
  (call) => {
    const answer = async () => {
      const query = readQuery(call.request);
      faults.check('read', call.metadata);
      access.check(call.metadata, '$r', query.stream);
      await faults.delay();
      if (query.count === undefined)
        await subscriptions.run(new Subscription(call, log, query, () => subscriptions.delay));
      else await answerRead(call, log, query, query.count, () => faults.countSearched());
    };
    answer().catch((error: unknown) => call.emit('error', refusalOf(error)));
  };

async function answerRead(
  call: ReadCall,
  log: Log,
  query: ReadQuery,
  count: number,
  onSearched: () => void,
): Promise<void> {
  const { stream, from } = query;
  if (count === 0) throw noPlace(stream === undefined ? 'All' : 'Stream');
  if (stream === undefined && typeof from === 'number' && !log.isPlace(from)) throw noPlace('All');
  if (stream !== undefined && log.streamEnd(stream) === DELETED) throw streamDeleted(stream);
  if (stream !== undefined && log.streamStart(stream) === undefined)
    await send(call, streamNotFoundAnswer(stream));
  else if (query.filter) await sendFound(call, log, query, query.filter, count, onSearched);
  else await sendEvents(call, log, query, count);
  if (!call.cancelled) call.end();
}

async function sendEvents(call: ReadCall, log: Log, query: ReadQuery, count: number): Promise<void> {
  let sent = 0;
  for (const event of eventsOf(log, query, Math.min(count, PAGE))) {
    if (call.cancelled) return;
    await send(call, eventAnswer(event, query.structuredIds));
    if (++sent === count) return;
  }
}

/** Of the whole log those that a filter lets through. */
async function sendFound(
  call: ReadCall,
  log: Log,
  query: ReadQuery,
  { allows }: Filter,
  count: number,
  onSearched: () => void,
): Promise<void> {
  let sent = 0;
  let seen = 0;
  for (const heading of headingsOf(log, query)) {
    if (++seen % SEARCHED === 0) await others();
    if (call.cancelled) return;
    onSearched();
    if (!allows(heading)) continue;
    const [event] = log.page(undefined, 'forwards', heading.position, 1);
    await send(call, eventAnswer(event!, query.structuredIds));
    if (++sent === count) return;
  }
}

function* headingsOf(log: Log, query: ReadQuery): Generator<Heading> {
  const direction = query.isBackwards ? 'backwards' : 'forwards';
  for (let from = firstPlace(query); ;) {
    const page = log.headings(direction, from, SEARCHED);
    yield* page;
    if (page.length < SEARCHED) return;
    from = page.at(-1)!.position + (query.isBackwards ? 0 : 1);
  }
}

function* eventsOf(log: Log, query: ReadQuery, limit: number): Generator<RecordedEvent> {
  const { stream, isBackwards } = query;
  let from = firstPlace(query);
  for (;;) {
    const page = log.page(stream, isBackwards ? 'backwards' : 'forwards', from, limit);
    yield* page;
    if (page.length < limit) return;
    const last = page.at(-1)!;
    from = (stream === undefined ? last.position : last.revision) + (isBackwards ? 0 : 1);
  }
}

/**
 * The first place that is read forwards, or the one before which reading backwards begins: backwards a revision is read
 * itself, and a position is not.
 */
function firstPlace({ stream, from, isBackwards }: ReadQuery): number {
  if (from === 'end') return Number.MAX_SAFE_INTEGER;
  const at = from === 'start' ? 0 : from;
  return isBackwards && stream !== undefined ? at + 1 : at;
}
