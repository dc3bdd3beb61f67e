import {
  BACKWARDS,
  END,
  FORWARDS,
  NO_STREAM,
  START,
  WrongExpectedVersionError,
  type EventStoreDBClient,
  type ReadStreamOptions,
  type RecordedEvent,
} from '@eventstore/db-client';
import {
  DEFAULT_PAGE,
  EventIdReused,
  LogDamaged,
  lookAnew,
  WrongExpectedRevision,
  type AppendOptions,
  type EventRecord,
  type EventStore,
  type ExpectedRevision,
  type EventFilter,
  type ReadOn,
  type ReadOptions,
  type StoredEvent,
  type StoreRight,
} from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { closeClient } from './connect.ts';
import { Fence } from './fence.ts';
import { appendFailed, readFailed, retryAppend, retryRead } from './failures.ts';
import { LiveLog } from './live-log.ts';
import { LogReader } from './log-reader.ts';
import { wholePage } from './whole-page.ts';
import { position, positionText } from './positions.ts';
import { asStored, isSame, toWrite } from './recorded-events.ts';
import { examineRights } from './rights.ts';
import { shortened, wasShortened } from './was-shortened.ts';

export interface EventStoreDbOptions {
  readonly client: EventStoreDBClient;
  /** What the names of our streams begin with: the log of the server holds others beside them. */
  readonly prefixes: readonly string[];
  /** Put before every name, where several installations share a server. */
  readonly namespace?: string | undefined;
  /** Connects to the same server as somebody without a login; nothing where it is on this machine and asks nobody for one. */
  readonly connectWithoutLogin?: () => EventStoreDBClient | undefined;
  /** Milliseconds after which a call is given up; default 4,000. */
  readonly timeout?: number;
  /** Milliseconds between two looks whether the subscription is still alive; default 5,000. */
  readonly lookEvery?: number;
  /** How many events a subscription brings for nothing, where nobody reads or follows the log, before it rests; default 500. */
  readonly restsAfter?: number;
  /** How many of the newest events are kept at hand for who follows the log, at least; default 4,096. */
  readonly recent?: number;
  /** Notified when the subscription that tells of appends had to be made again, and why. */
  readonly onTrouble: (cause: string) => void;
  /** Notified when somebody changed what stands in the log: deleted of it, or restored an older state; default as {@link onTrouble}. */
  readonly onDamage?: (cause: string) => void;
}

const TIMEOUT = 4_000;
const KNOWN_DOUBTS = 65_536;

/**
 * The log in EventStoreDB. Everything is read from the leader, so that a decision sees what was acknowledged anywhere and no
 * reader of the whole log is sent back to an older end of it; that one is read in pages: a subscription only tells when to look.
 */
export class EventStoreDbEventStore implements EventStore {
  readonly #client: EventStoreDBClient;
  readonly #timeout: number;
  readonly #namespace: string;
  readonly #prefixes: readonly string[];
  readonly #connectWithoutLogin: (() => EventStoreDBClient | undefined) | undefined;
  readonly #log: LogReader;
  readonly #live: LiveLog;
  readonly #fence: Fence;
  /** Streams whose last append has an outcome that nobody knows: it may still come to stand there. */
  readonly #doubtful = new LRUCache<string, true>({ max: KNOWN_DOUBTS });

  constructor(options: EventStoreDbOptions) {
    this.#client = options.client;
    this.#timeout = options.timeout ?? TIMEOUT;
    this.#namespace = options.namespace ? `${options.namespace}-` : '';
    const prefixes = options.prefixes.map((prefix) => this.#namespace + prefix);
    this.#prefixes = prefixes;
    this.#connectWithoutLogin = options.connectWithoutLogin;
    this.#log = new LogReader({
      client: this.#client,
      timeout: this.#timeout,
      prefixes,
      onDamage: options.onDamage ?? options.onTrouble,
      onRestored: () => this.#live.forget(),
    });
    const ourNewest = async () => (await this.#log.newestOfOurs())?.position.commit;
    this.#live = new LiveLog({
      ...options,
      prefixes,
      newest: () => this.#log.newest(),
      stands: (brought) => this.#log.stands(brought),
      ourNewest,
      onDamage: (event) => this.#log.tellOfDamage(event),
      stored: (event) => this.#stored(event),
    });
    this.#fence = new Fence({ look: ourNewest, reached: (commit) => this.#live.reached(commit) });
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
    { hasNewIds = false }: AppendOptions = {},
  ): Promise<number> {
    try {
      return await this.#append(stream, expected, events, hasNewIds);
    } finally {
      lookAnew(); // what this work reads from here on knows of this append, and of what others appended before
    }
  }

  async #append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
    hasNewIds: boolean,
  ): Promise<number> {
    const before = expected === 'no-stream' ? -1 : expected;
    const expectedRevision = expected === 'no-stream' ? NO_STREAM : BigInt(expected);
    this.#live.start();
    const { since } = this.#live;
    const isFirst = hasNewIds || (this.#live.head(stream) === before && !this.#doubtful.has(stream));
    const last = before + events.length;
    let end: bigint;
    try {
      const { nextExpectedRevision } = await retryAppend(this.#timeout, (deadline) =>
        this.#client.appendToStream(this.#namespace + stream, events.map(toWrite), {
          expectedRevision,
          deadline,
          requiresLeader: true,
        }),
      );
      end = nextExpectedRevision;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) {
        this.#doubtful.set(stream, true);
        throw appendFailed(error, stream);
      }
      throw new WrongExpectedRevision(stream, expected, revisionOf(error));
    }
    if (end !== BigInt(last)) throw new LogDamaged(`${stream}: somebody deleted it, and it has begun again`);
    // The server takes an append for a repeated one by its ids alone. Only where these may have been sent before, and the stream
    // was not known to end here or an earlier append may have come late, could it have been one: what stands there is looked at.
    if (!isFirst) await this.#requireSame(stream, before, events);
    this.#doubtful.delete(stream);
    this.#live.learn(stream, last, since);
    if (this.#live.isLate) this.#live.tell(); // else the subscription does
    return last;
  }

  /** @throws EventIdReused */
  async #requireSame(stream: string, before: number, events: readonly EventRecord[]): Promise<void> {
    const stored = await this.#readAtServer(stream, { from: before + 1, limit: events.length });
    const other = events.find((event, n) => !isSame(event, stored[n]));
    if (other) throw new EventIdReused(other.id);
  }

  async read(stream: string, options: ReadOptions = {}): Promise<readonly StoredEvent[]> {
    this.#live.start();
    const { from = 0, direction, limit = DEFAULT_PAGE } = options;
    if (direction !== 'backwards') {
      const atHand = this.#live.behind(stream, from - 1);
      if (atHand && atHand.length >= limit) return atHand.slice(0, limit); // whatever comes later, this page stays the same
    }
    const known = direction === 'backwards' ? undefined : await this.#known(stream, from, limit);
    return known ?? this.#readAtServer(stream, options);
  }

  async #readAtServer(
    stream: string,
    { from, direction = 'forwards', limit = DEFAULT_PAGE }: ReadOptions,
  ): Promise<readonly StoredEvent[]> {
    const name = this.#namespace + stream;
    const isForwards = direction === 'forwards';
    const { since } = this.#live;
    const options: ReadStreamOptions = {
      direction: isForwards ? FORWARDS : BACKWARDS,
      fromRevision: from === undefined ? (isForwards ? START : END) : BigInt(from),
      maxCount: limit,
      requiresLeader: true,
    };
    const page = await retryRead(this.#timeout, (within) =>
      wholePage((deadline) => this.#client.readStream(name, { ...options, deadline }), within),
    ).catch((error: Error) => {
      throw readFailed(error, stream);
    });
    const isShort = isForwards && page[0] !== undefined && Number(page[0].revision) !== (from ?? 0);
    const isNothing = page.length === 0 && (isForwards ? !from : from === undefined);
    if (isShort || (isNothing && (await wasShortened(this.#client, name, this.#timeout))))
      throw shortened(stream);
    this.#remember(stream, page, isForwards, from ?? 0, limit, since);
    return page.map((event) => this.#stored(event));
  }

  /** What a read would give, where the subscription has brought it, once the fence says that it is as fresh. */
  async #known(stream: string, from: number, limit: number): Promise<readonly StoredEvent[] | undefined> {
    const isAtHand = () => {
      const head = this.#live.head(stream);
      if (head === undefined) return undefined;
      return from > head ? [] : this.#live.behind(stream, from - 1);
    };
    if (!isAtHand() || !(await this.#fence.pass())) return undefined;
    return isAtHand()?.slice(0, limit); // it may have moved meanwhile
  }

  #remember(
    stream: string,
    page: readonly RecordedEvent[],
    isForwards: boolean,
    from: number,
    limit: number,
    since: number,
  ): void {
    const seen = page.length === 0 ? from - 1 : Number((isForwards ? page.at(-1) : page[0])!.revision);
    const isEnd = isForwards ? page.length < limit : from === 0;
    if (isEnd) this.#live.learn(stream, seen, since);
  }

  async readAll(
    after: string | undefined,
    limit: number,
    filters: readonly EventFilter[] = [],
  ): Promise<readonly StoredEvent[]> {
    const found = await this.#log.ours(after, limit, (event) => isWanted(this.#stored(event), filters));
    return found.map((event) => ({ ...this.#stored(event), position: positionText(event.position) }));
  }

  atHand(after: string | undefined, limit: number, filters: readonly EventFilter[] = []): ReadOn | undefined {
    const newer = this.#live.newer(after === undefined ? -1n : position(after).commit);
    if (!newer) return undefined;
    const wanted = newer.events.filter((event) => isWanted(event, filters));
    const events = wanted.slice(0, limit);
    return { events, upTo: wanted.length > limit ? events.at(-1)!.position : newer.upTo };
  }

  async end(): Promise<string | undefined> {
    const last = await this.#log.newestOfOurs();
    return last && positionText(last.position);
  }

  countAfter(after: string | undefined): Promise<number> {
    this.#live.start(); // whoever asks for figures asks again
    return this.#log.countOurs(after);
  }

  onAppended(listener: () => void, types?: readonly string[]): () => void {
    return this.#live.add(listener, types);
  }

  async ping(): Promise<void> {
    await this.#log.newest();
  }

  async newestTime(): Promise<number | undefined> {
    const last = await this.#log.newestOfOurs();
    return last && this.#stored(last).time;
  }

  async rights(): Promise<readonly StoreRight[]> {
    const anybody = this.#connectWithoutLogin?.();
    if (!anybody) return [];
    const stream = `${this.#prefixes[0]!}trial-of-rights`;
    try {
      return await retryRead(this.#timeout, (within) => examineRights(this.#client, anybody, stream, within));
    } finally {
      await closeClient(anybody);
    }
  }

  async close(): Promise<void> {
    await this.#live.close();
    await closeClient(this.#client);
  }

  #stored(event: RecordedEvent): StoredEvent {
    return asStored(event, event.streamId.slice(this.#namespace.length));
  }
}

const revisionOf = ({ actualVersion }: WrongExpectedVersionError): ExpectedRevision =>
  typeof actualVersion === 'bigint' ? Number(actualVersion) : 'no-stream';

function isWanted({ type, data }: StoredEvent, filters: readonly EventFilter[]): boolean {
  if (filters.length === 0) return true;
  const fields = data as Readonly<Record<string, unknown>>;
  return filters.some(
    (filter) =>
      filter.type === type &&
      Object.entries(filter.where ?? {}).every(([name, text]) => fields[name] === text),
  );
}
