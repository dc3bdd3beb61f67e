import type { DatabaseSync } from 'node:sqlite';
import {
  DEFAULT_PAGE,
  EventIdReused,
  StoreUnavailable,
  WrongExpectedRevision,
  type EventRecord,
  type EventStore,
  type ExpectedRevision,
  type EventFilter,
  type ReadOptions,
  type StoredEvent,
} from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { encode, EventLog, type EncodedEvent } from './event-log.ts';

/** What is known of a stream's end. */
interface Head {
  /** Row of the stream, absent before its first event is durable. */
  id: number | undefined;
  /** Revision of the last durable event, -1 for none. */
  durable: number;
  /** Revision of the last accepted event, durable or waiting for its commit. */
  accepted: number;
}

interface Waiting {
  readonly stream: string;
  readonly head: Head;
  readonly events: readonly EncodedEvent[];
  readonly first: number;
  readonly resolve: (revision: number) => void;
  readonly reject: (error: Error) => void;
}

/** Heads kept in memory; the rest is one look at an index. */
const HEADS = 131_072;

/**
 * The event store in one SQLite file, written by this object alone.
 *
 * Appends that arrive in one turn of the event loop share one durable transaction (group commit): revisions are judged
 * at once, on heads that include what is waiting; each caller is told after the sync. A commit that fails refuses every
 * append in it with `not-appended`, and heads are read anew.
 */
export class SqliteEventStore implements EventStore {
  readonly #log: EventLog;
  readonly #heads = new LRUCache<string, Head>({ max: HEADS });
  /** Heads with something waiting: never evicted, or a revision could be judged twice. */
  readonly #busy = new Map<string, Head>();
  #waiting: Waiting[] = [];
  readonly #listeners = new Map<() => void, readonly string[] | undefined>();
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#log = new EventLog(database);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly EventRecord[]): Promise<number> {
    if (this.#closed) throw new StoreUnavailable('not-appended', { cause: new Error('the store is closed') });
    const encoded = events.map(encode);
    const head = this.#head(stream);
    const at = expected === 'no-stream' ? -1 : expected;
    if (at !== head.accepted) return this.#appendedBefore(stream, at, expected, encoded);
    const first = head.accepted + 1;
    head.accepted += encoded.length;
    this.#busy.set(stream, head);
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      this.#waiting.push({ stream, head, events: encoded, first, resolve, reject });
    });
  }

  async read(stream: string, options: ReadOptions = {}): Promise<readonly StoredEvent[]> {
    const { direction = 'forwards', limit = DEFAULT_PAGE } = options;
    const { id, durable } = this.#head(stream);
    const from = direction === 'forwards' ? (options.from ?? 0) : Math.min(options.from ?? durable, durable);
    if (id === undefined || from < 0 || from > durable) return [];
    return this.#try(() => this.#log.page(id, from, direction, limit));
  }

  async readAll(
    after: string | undefined,
    limit: number,
    filters?: readonly EventFilter[],
  ): Promise<readonly StoredEvent[]> {
    return this.#try(() => this.#log.all(Number(after ?? 0), limit, filters));
  }

  async end(): Promise<string | undefined> {
    return this.#try(() => this.#log.end()?.toString());
  }

  async countAfter(position: string | undefined): Promise<number> {
    return this.#try(() => (this.#log.end() ?? 0) - Number(position ?? 0)); // positions have no gaps
  }

  onAppended(listener: () => void, types?: readonly string[]): () => void {
    this.#listeners.set(listener, types);
    return () => void this.#listeners.delete(listener);
  }

  async ping(): Promise<void> {
    await this.newestTime();
  }

  async newestTime(): Promise<number | undefined> {
    return this.#try(() => this.#log.newestTime());
  }

  /** The newest events, the newest first. */
  newest(limit: number): readonly StoredEvent[] {
    return this.#log.newest(limit);
  }

  /** Commits what is waiting, then closes the file. Later calls are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#commit();
    this.#log.close();
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    const streams = new Map<Head, number>();
    try {
      this.#log.transaction(() => {
        for (const { stream, head, events, first } of batch) {
          const id = head.id ?? streams.get(head) ?? this.#log.addStream(stream);
          streams.set(head, id);
          events.forEach((event, index) => this.#log.addEvent(id, first + index, event));
        }
      });
    } catch (cause) {
      this.#busy.clear();
      this.#heads.clear();
      for (const { reject } of batch) reject(new StoreUnavailable('not-appended', { cause }));
      return;
    }
    this.#busy.clear();
    for (const { stream, head } of batch) {
      head.id = streams.get(head);
      head.durable = head.accepted;
      this.#heads.set(stream, head);
    }
    for (const { resolve, first, events } of batch) resolve(first + events.length - 1);
    for (const [listener, types] of this.#listeners) if (!types || isAny(batch, types)) listener();
  }

  #head(stream: string): Head {
    const known = this.#busy.get(stream) ?? this.#heads.peek(stream); // order of use is not worth its cost
    if (known) return known;
    const found = this.#try(() => this.#log.head(stream));
    const revision = found?.revision ?? -1;
    const head = { id: found?.id, durable: revision, accepted: revision };
    this.#heads.set(stream, head);
    return head;
  }

  /** An append at another revision than the stream's end is fine only where it has already happened. */
  async #appendedBefore(
    stream: string,
    at: number,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<number> {
    const there = at < -1 ? [] : await this.read(stream, { from: at + 1, limit: events.length });
    const known = there.map(encodeStored);
    const sameIds =
      known.length === events.length && known.every((event, n) => sameBytes(event.id, events[n]!.id));
    if (!sameIds) {
      const { accepted } = this.#head(stream);
      throw new WrongExpectedRevision(stream, expected, accepted < 0 ? 'no-stream' : accepted);
    }
    const changed = known.findIndex((event, n) => !sameContent(event, events[n]!));
    if (changed >= 0) throw new EventIdReused(there[changed]!.id);
    return at + events.length;
  }

  #try<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw new StoreUnavailable('not-appended', { cause });
    }
  }
}

const isAny = (batch: readonly Waiting[], types: readonly string[]): boolean =>
  batch.some(({ events }) => events.some(({ type }) => types.includes(type)));

function encodeStored({
  stream: _stream,
  revision: _revision,
  position: _position,
  ...event
}: StoredEvent): EncodedEvent {
  return encode(event);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The key order of `origin` differs between writers, so it is not compared as text. */
function sameContent(a: EncodedEvent, b: EncodedEvent): boolean {
  return a.type === b.type && a.version === b.version && a.data === b.data;
}
