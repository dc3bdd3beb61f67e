import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { DEFAULT_PAGE } from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { persistRead, TimedOut } from './failures.ts';
import { position, positionText } from './positions.ts';

export interface LogReaderOptions {
  readonly client: EventStoreDBClient;
  /** Milliseconds after which a read is given up. */
  readonly timeout: number;
  readonly prefixes: readonly string[];
  /** Somebody deleted a stream of ours. */
  readonly onDamage: (cause: string) => void;
  /** The log ends before a place that was seen. */
  readonly onRestored: (cause: string) => void;
}

/** How far behind somebody is is counted so far; further is far. */
const COUNT_AT_MOST = 10_000;
const KNOWN_ENDS = 64;
const LARGEST_PAGE = 1_024;

interface Looked {
  readonly commit: bigint;
  readonly last: AllStreamRecordedEvent | undefined;
}
const NOTHING_SEEN: Looked = { commit: -1n, last: undefined };

/** Reads the whole log, in which others may write much: from the leader, in pages, and what is theirs is passed over once. */
export class LogReader {
  readonly #options: LogReaderOptions;
  /** Behind a position ('' is the beginning): up to where there is only what others wrote. */
  readonly #others = new LRUCache<string, string>({ max: KNOWN_ENDS });
  /** Up to which commit position the newest of ours was looked for, and which it was. */
  #looked: Looked = NOTHING_SEEN;
  readonly #told = new Set<string>();

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  /** Where the log ends, whoever wrote there. */
  async newest(): Promise<Position | undefined> {
    return (await this.#page(undefined, BACKWARDS, 1))[0]?.position;
  }

  /** The newest of our own events. */
  async newestOfOurs(): Promise<AllStreamRecordedEvent | undefined> {
    const known = this.#looked; // as it was before the read: whoever looks at the same time may see further
    let from: string | undefined;
    let newest: bigint | undefined;
    for (let size = 1; ; size = Math.min(size * 32, LARGEST_PAGE)) {
      const page = await this.#page(from, BACKWARDS, size);
      newest ??= page[0]?.position.commit ?? -1n;
      if (newest < known.commit) return this.#restored();
      const isKnown = page.some(({ position: { commit } }) => commit <= known.commit);
      const found = page.find((event) => this.#isOurs(event)) ?? (isKnown ? known.last : undefined);
      if (found || isKnown || page.length < size) {
        if (newest > this.#looked.commit) this.#looked = { commit: newest, last: found };
        return found;
      }
      from = positionText(page.at(-1)!.position);
    }
  }

  /** Those of ours behind a position that are wanted, so many at most; fewer only where the log ends. */
  async ours(
    after: string | undefined,
    limit: number,
    isWanted: (event: AllStreamRecordedEvent) => boolean,
  ): Promise<AllStreamRecordedEvent[]> {
    const found: AllStreamRecordedEvent[] = [];
    await this.#through(after, Math.max(limit, 2), (page) => {
      found.push(...page.filter(isWanted));
      return found.length < limit;
    });
    return found.slice(0, limit);
  }

  /** How many of ours there are behind a position. */
  async countOurs(after: string | undefined): Promise<number> {
    let count = 0;
    await this.#through(after, DEFAULT_PAGE, (page) => (count += page.length) < COUNT_AT_MOST);
    return count;
  }

  /** Hands over what is ours, page by page, as long as more is wanted and there is more. Pages grow where little of it is. */
  async #through(
    after: string | undefined,
    atLeast: number,
    take: (ours: AllStreamRecordedEvent[]) => boolean,
  ): Promise<void> {
    let from = this.#others.get(after ?? '') ?? after;
    let isOnlyOthers = true;
    for (let size = atLeast; ;) {
      const page = await this.#page(from, FORWARDS, size);
      const ours = page.filter((event) => this.#isOurs(event));
      isOnlyOthers &&= ours.length === 0;
      const last = page.at(-1);
      if (isOnlyOthers && last) this.#others.set(after ?? '', positionText(last.position));
      if (!take(ours) || !last || page.length < size) return;
      from = positionText(last.position);
      if (ours.length < size / 4) size = Math.max(size, Math.min(size * 4, LARGEST_PAGE));
    }
  }

  /** It is an older log, and nothing that was known of it holds. */
  #restored(): Promise<AllStreamRecordedEvent | undefined> {
    this.#looked = NOTHING_SEEN;
    this.#others.clear();
    this.#options.onRestored('the log ends before a place that was seen: was it restored from a backup?');
    return this.newestOfOurs();
  }

  /** A page of the whole log behind (or, backwards, before) a position, whoever wrote it. */
  async #page(
    from: string | undefined,
    direction: typeof FORWARDS | typeof BACKWARDS,
    limit: number,
  ): Promise<AllStreamRecordedEvent[]> {
    const { client, timeout } = this.#options;
    const begin = direction === FORWARDS ? START : END;
    const options: ReadAllOptions = {
      direction,
      fromPosition: from === undefined ? begin : position(from),
      maxCount: from === undefined ? limit : limit + 1,
      requiresLeader: true,
    };
    const page = await persistRead(() => wholePage(client.readAll(options), timeout));
    // forwards a read begins with the event that stands at the position
    return from !== undefined && page[0] && positionText(page[0].position) === from
      ? page.slice(1)
      : page.slice(0, limit);
  }

  #isOurs(event: RecordedEvent): boolean {
    if (!this.#options.prefixes.some((prefix) => event.streamId.startsWith(prefix))) return false;
    return !isOfServer(event) || this.#toldOf(event);
  }

  /** @returns false: it is no event of ours */
  #toldOf({ type, streamId }: RecordedEvent): boolean {
    if (!this.#told.has(streamId))
      this.#options.onDamage(`the server has ${type} in ${streamId}, which is ours`);
    this.#told.add(streamId);
    return false;
  }
}

/** A type of the server's own, such as `$streamDeleted`, in whatever stream. */
export const isOfServer = ({ type }: Pick<RecordedEvent, 'type'>): boolean => type.startsWith('$');

/** Reads it to its end, or gives it up in time: the client itself would wait for ever. */
export async function wholePage<E extends RecordedEvent>(
  reading: StreamingRead<{ readonly event?: E }>,
  timeout: number,
): Promise<E[]> {
  const events: E[] = [];
  const timer = setTimeout(() => {
    void reading.cancel().catch(() => undefined); // the call itself: destroying the stream ends just the reading of it
    reading.destroy(new TimedOut('a read took too long'));
  }, timeout);
  try {
    for await (const { event } of reading) if (event) events.push(event);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return events;
}
