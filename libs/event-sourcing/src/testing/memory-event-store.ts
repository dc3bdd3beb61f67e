import { isDeepStrictEqual } from 'node:util';
import type { EventRecord, StoredEvent } from '../envelope.ts';
import {
  DEFAULT_PAGE,
  EventIdReused,
  WrongExpectedRevision,
  type EventStore,
  type ExpectedRevision,
  type EventFilter,
  type ReadOptions,
} from '../event-store.ts';

/** Streams in an array, passing the same contract as every adapter, for the tests of what stands on the port: it can count reads and fail on command. */
export class MemoryEventStore implements EventStore {
  readonly #log: StoredEvent[] = [];
  readonly #listeners = new Map<() => void, readonly string[] | undefined>();
  /** Events handed out by `read`. */
  eventsRead = 0;
  /** Called before every append; throws what the append is to fail with. */
  beforeAppend: () => void = () => undefined;
  /** Called after every append; throws to lose its acknowledgement. */
  afterAppend: () => void = () => undefined;

  async append(stream: string, expected: ExpectedRevision, events: readonly EventRecord[]): Promise<number> {
    this.beforeAppend();
    const actual = this.#of(stream).length - 1;
    const at = expected === 'no-stream' ? -1 : expected;
    if (actual !== at) {
      const there = this.#of(stream).slice(at + 1, at + 1 + events.length);
      if (there.length === events.length && there.every(({ id }, n) => id === events[n]!.id)) {
        const changed = there.find(({ data }, n) => !isDeepStrictEqual(data, events[n]!.data));
        if (changed) throw new EventIdReused(changed.id);
        return at + events.length;
      }
      throw new WrongExpectedRevision(stream, expected, actual < 0 ? 'no-stream' : actual);
    }
    events.forEach((event, index) => this.#log.push({ ...event, stream, revision: actual + 1 + index }));
    for (const [listener, types] of this.#listeners)
      if (!types || events.some(({ type }) => types.includes(type))) listener();
    this.afterAppend();
    return actual + events.length;
  }

  async read(
    stream: string,
    { from, direction = 'forwards', limit = DEFAULT_PAGE }: ReadOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const all = this.#of(stream);
    const page =
      direction === 'forwards'
        ? all.slice(from ?? 0, (from ?? 0) + limit)
        : all
            .slice(0, Math.max(0, (from ?? all.length) + 1))
            .reverse()
            .slice(0, limit);
    this.eventsRead += page.length;
    return page;
  }

  async readAll(
    after: string | undefined,
    limit: number,
    filters?: readonly EventFilter[],
  ): Promise<readonly StoredEvent[]> {
    return this.#log
      .map((event, index): StoredEvent => ({ ...event, position: String(index + 1) }))
      .slice(Number(after ?? 0))
      .filter((event) => !filters || filters.some((filter) => isOf(filter, event)))
      .slice(0, limit);
  }

  async end(): Promise<string | undefined> {
    return this.#log.length === 0 ? undefined : String(this.#log.length);
  }

  async countAfter(position: string | undefined): Promise<number> {
    return this.#log.length - Number(position ?? 0);
  }

  onAppended(listener: () => void, types?: readonly string[]): () => void {
    this.#listeners.set(listener, types);
    return () => void this.#listeners.delete(listener);
  }

  async ping(): Promise<void> {}

  async newestTime(): Promise<number | undefined> {
    return this.#log.at(-1)?.time;
  }

  #of(stream: string): StoredEvent[] {
    return this.#log.filter((event) => event.stream === stream);
  }
}

function isOf({ type, where = {} }: EventFilter, event: StoredEvent): boolean {
  const data = event.data as Record<string, unknown>;
  return event.type === type && Object.entries(where).every(([field, text]) => data[field] === text);
}
