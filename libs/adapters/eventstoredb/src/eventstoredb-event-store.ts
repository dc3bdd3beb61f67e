import {
  BACKWARDS,
  END,
  FORWARDS,
  NO_STREAM,
  START,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import {
  DEFAULT_PAGE,
  EventIdReused,
  WrongExpectedRevision,
  type EventRecord,
  type EventStore,
  type ExpectedRevision,
  type Interest,
  type ReadOptions,
  type StoredEvent,
} from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { AppendWatch } from './append-watch.ts';
import { appendFailed, persistAppend, persistRead, TimedOut } from './failures.ts';
import { position, positionText } from './positions.ts';
import { asStored, isSame, toWrite } from './recorded-events.ts';

export interface EventStoreDbOptions {
  readonly client: EventStoreDBClient;
  /** What the names of our streams begin with: the log of the server holds others beside them. */
  readonly prefixes: readonly string[];
  /** Put before every name, where several installations share a server. */
  readonly namespace?: string | undefined;
  /** Milliseconds after which a call is given up; default 5,000. */
  readonly timeout?: number;
  /** Milliseconds between two looks whether the subscription is still alive; default 5,000. */
  readonly lookEvery?: number;
  /** Told when the subscription that tells of appends had to be made again, and why. */
  readonly onTrouble: (cause: string) => void;
}

const TIMEOUT = 5_000;
/** How far behind somebody is is counted so far; further is far. */
const COUNT_AT_MOST = 10_000;
const KNOWN_HEADS = 65_536;
const KNOWN_ENDS = 64;

/**
 * The log in EventStoreDB. Everything is read from the leader, so that a decision sees what was acknowledged anywhere and no
 * reader of the whole log is sent back to an older end of it; that one is read in pages: a subscription only tells when to look.
 */
export class EventStoreDbEventStore implements EventStore {
  readonly #client: EventStoreDBClient;
  readonly #timeout: number;
  readonly #namespace: string;
  readonly #prefixes: readonly string[];
  readonly #watch: AppendWatch;
  /** The revisions of streams' last events as far as this process knows, -1 for none. */
  readonly #heads = new LRUCache<string, number>({ max: KNOWN_HEADS });
  /** Streams whose last append has an outcome that nobody knows: it may still come to stand there. */
  readonly #doubtful = new LRUCache<string, true>({ max: KNOWN_HEADS });

  /** Behind a position ('' is the beginning): up to where there is only what others wrote. */
  readonly #others = new LRUCache<string, string>({ max: KNOWN_ENDS });
  /** Up to which commit position the newest of ours was looked for, and which it was. */
  #looked: { readonly commit: bigint; readonly last: AllStreamRecordedEvent | undefined } = {
    commit: -1n,
    last: undefined,
  };

  constructor(options: EventStoreDbOptions) {
    this.#client = options.client;
    this.#timeout = options.timeout ?? TIMEOUT;
    this.#namespace = options.namespace ? `${options.namespace}-` : '';
    this.#prefixes = options.prefixes.map((prefix) => this.#namespace + prefix);
    this.#watch = new AppendWatch({ ...options, prefixes: this.#prefixes, end: () => this.end() });
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly EventRecord[]): Promise<number> {
    const before = expected === 'no-stream' ? -1 : expected;
    const expectedRevision = expected === 'no-stream' ? NO_STREAM : BigInt(expected);
    const wasEnd = this.#heads.get(stream) === before && !this.#doubtful.has(stream);
    const written = events.map(toWrite);
    const last = before + events.length;
    try {
      await persistAppend(() =>
        this.#client.appendToStream(this.#namespace + stream, written, {
          expectedRevision,
          deadline: this.#timeout,
        }),
      );
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) {
        this.#doubtful.set(stream, true);
        throw appendFailed(error);
      }
      this.#heads.delete(stream);
      throw new WrongExpectedRevision(stream, expected, revisionOf(error));
    }
    // The server takes an append for a repeated one by its ids alone. Only where the stream was not known to end here, or
    // an earlier append may have come late, could it have been one: what stands there is then looked at.
    if (!wasEnd) await this.#requireSame(stream, before, events);
    this.#doubtful.delete(stream);
    if ((this.#heads.get(stream) ?? -1) < last) this.#heads.set(stream, last);
    this.#watch.tell();
    return last;
  }

  /** @throws EventIdReused */
  async #requireSame(stream: string, before: number, events: readonly EventRecord[]): Promise<void> {
    const stored = await this.read(stream, { from: before + 1, limit: events.length });
    const other = events.find((event, n) => !isSame(event, stored[n]));
    if (other) throw new EventIdReused(other.id);
  }

  async read(
    stream: string,
    { from, direction = 'forwards', limit = DEFAULT_PAGE }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const isForwards = direction === 'forwards';
    const begin = isForwards ? START : END;
    const options: ReadStreamOptions = {
      direction: isForwards ? FORWARDS : BACKWARDS,
      fromRevision: from === undefined ? begin : BigInt(from),
      maxCount: limit,
      requiresLeader: true,
    };
    const page = await persistRead(() =>
      this.#page(this.#client.readStream(this.#namespace + stream, options)),
    );
    this.#remember(stream, page, isForwards, from ?? 0, limit);
    return page.map((event) => this.#stored(event));
  }

  #remember(
    stream: string,
    page: readonly RecordedEvent[],
    isForwards: boolean,
    from: number,
    limit: number,
  ): void {
    const seen = page.length === 0 ? from - 1 : Number((isForwards ? page.at(-1) : page[0])!.revision);
    const isEnd = isForwards ? page.length < limit : from === 0;
    if (isEnd && (this.#heads.get(stream) ?? -2) < seen) this.#heads.set(stream, seen);
  }

  async readAll(
    after: string | undefined,
    limit: number,
    interests: readonly Interest[] = [],
  ): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    let from = this.#passed(after);
    let isOnlyOthers = true;
    for (;;) {
      const page = await this.#readLog(from, FORWARDS, Math.max(limit, 2));
      const ours = page
        .filter((event) => this.#isOurs(event))
        .map((event) => ({ ...this.#stored(event), position: positionText(event.position) }));
      isOnlyOthers &&= ours.length === 0;
      if (isOnlyOthers && page.length > 0) this.#others.set(after ?? '', positionText(page.at(-1)!.position));
      found.push(...ours.filter((event) => isWanted(event, interests)));
      if (found.length >= limit) return found.slice(0, limit);
      if (page.length < Math.max(limit, 2)) return found;
      from = positionText(page.at(-1)!.position);
    }
  }

  async end(): Promise<string | undefined> {
    const last = await this.#last();
    return last && positionText(last.position);
  }

  async countAfter(after: string | undefined): Promise<number> {
    let count = 0;
    let from = this.#passed(after);
    while (count < COUNT_AT_MOST) {
      const page = await this.#readLog(from, FORWARDS, DEFAULT_PAGE);
      count += page.filter((event) => this.#isOurs(event)).length;
      if (page.length < DEFAULT_PAGE) break;
      from = positionText(page.at(-1)!.position);
    }
    return count;
  }

  onAppended(listener: () => void): () => void {
    return this.#watch.add(listener);
  }

  async newestTime(): Promise<number | undefined> {
    const last = await this.#last();
    return last && this.#stored(last).time;
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await this.#client.dispose();
  }

  /** The newest of our own events. What others wrote is passed over once. */
  async #last(): Promise<AllStreamRecordedEvent | undefined> {
    const { commit, last } = this.#looked;
    let from: string | undefined;
    let newest = commit;
    for (;;) {
      const page = await this.#readLog(from, BACKWARDS, 32);
      if (page[0] && page[0].position.commit > newest) newest = page[0].position.commit;
      const known = page.some(({ position: { commit: at } }) => at <= commit);
      const found = page.find((event) => this.#isOurs(event)) ?? (known ? last : undefined);
      if (found || known || page.length < 32) {
        this.#looked = { commit: newest, last: found };
        return found;
      }
      from = positionText(page.at(-1)!.position);
    }
  }

  /** How far the log is known to hold nothing of ours behind a position. */
  #passed(after: string | undefined): string | undefined {
    return this.#others.get(after ?? '') ?? after;
  }

  /** A page of the whole log behind (or, backwards, before) a position, whoever wrote it. */
  async #readLog(
    from: string | undefined,
    direction: typeof FORWARDS | typeof BACKWARDS,
    limit: number,
  ): Promise<AllStreamRecordedEvent[]> {
    const begin = direction === FORWARDS ? START : END;
    const options: ReadAllOptions = {
      direction,
      fromPosition: from === undefined ? begin : position(from),
      maxCount: from === undefined ? limit : limit + 1,
      requiresLeader: true,
    };
    const page = await persistRead(() => this.#page(this.#client.readAll(options)));
    // forwards a read begins with the event that stands at the position
    return from !== undefined && page[0] && positionText(page[0].position) === from
      ? page.slice(1)
      : page.slice(0, limit);
  }

  /** Reads it to its end, or gives it up in time: the client itself would wait for ever. */
  async #page<E extends RecordedEvent>(reading: StreamingRead<{ readonly event?: E }>): Promise<E[]> {
    const events: E[] = [];
    const timer = setTimeout(() => reading.destroy(new TimedOut('a read took too long')), this.#timeout);
    try {
      for await (const { event } of reading) if (event) events.push(event);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    } finally {
      clearTimeout(timer);
    }
    return events;
  }

  #stored(event: RecordedEvent): StoredEvent {
    return asStored(event, event.streamId.slice(this.#namespace.length));
  }

  #isOurs({ streamId }: RecordedEvent): boolean {
    return this.#prefixes.some((prefix) => streamId.startsWith(prefix));
  }
}

const revisionOf = ({ actualVersion }: WrongExpectedVersionError): ExpectedRevision =>
  typeof actualVersion === 'bigint' ? Number(actualVersion) : 'no-stream';

function isWanted({ type, data }: StoredEvent, interests: readonly Interest[]): boolean {
  if (interests.length === 0) return true;
  const fields = data as Readonly<Record<string, unknown>>;
  return interests.some(
    (interest) =>
      interest.type === type &&
      Object.entries(interest.where ?? {}).every(([name, text]) => fields[name] === text),
  );
}
