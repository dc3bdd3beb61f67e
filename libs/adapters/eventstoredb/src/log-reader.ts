import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
} from '@eventstore/db-client';
import { LogDamaged } from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';
import { retryRead } from './failures.ts';
import { position, positionText } from './positions.ts';
import { readOurs } from './read-ours.ts';
import { shortens } from './was-shortened.ts';
import { wholePage } from './whole-page.ts';

export interface LogReaderOptions {
  readonly client: EventStoreDBClient;
  /** Milliseconds after which a read is given up. */
  readonly timeout: number;
  readonly prefixes: readonly string[];
  /** Somebody deleted a stream of ours, set what of it is kept, or restored the log to an older state. */
  readonly onDamage: (cause: string) => void;
  /** Nothing that was known of the log holds any more. */
  readonly onRestored: () => void;
}

/** How far behind somebody is is counted so far; further is far. */
const COUNT_AT_MOST = 10_000;
const KNOWN_ENDS = 64;
const [SMALLEST_PAGE, LARGEST_PAGE] = [8, 1_024];
/** So many events of others are read rather than have the server search. */
const LOOKED_OVER_HERE = 32;
/** The server may look through very many events of others for one of ours (milliseconds). */
const SEARCH_MS = 60_000;

/** What the server says of a position at which no record begins. */
const NO_RECORD = /Unexpected ReadAllResult/;

const isNoRecord = ({ cause }: Error): boolean =>
  NO_RECORD.test(String((cause as Error | undefined)?.message));

const noPlaceOf = (text: string): LogDamaged =>
  new LogDamaged(
    `${text} is no place in this log: it was restored to an older state, or is another one; docs/operations.md says what goes with a restore`,
  );

interface Looked {
  readonly commit: bigint;
  readonly last: AllStreamRecordedEvent | undefined;
}
const NOTHING_SEEN: Looked = { commit: -1n, last: undefined };

/** Reads the whole log, in which others may write much: from the leader, in pages, and what is theirs is passed over once. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #watched: readonly string[];
  /** Behind a position ('' is the beginning): up to where there is only what others wrote. */
  readonly #others = new LRUCache<string, string>({ max: KNOWN_ENDS });
  /** Up to which commit position the newest of ours was looked for, and which it was. */
  #looked: Looked = NOTHING_SEEN;
  /** How often the log was found to be another one: what was asked of the former one is not remembered. */
  #generation = 0;
  #hasBegun = false;
  /** The server is searching for the newest of ours. */
  #searching: Promise<AllStreamRecordedEvent | undefined> | undefined;
  readonly #told = new Set<string>();

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#watched = watched(options.prefixes);
  }

  /**
   * Whether the last event that was seen still stands at its place: in a log that was restored to an older state it does not.
   *
   * @param brought by a subscription, where that has brought one; else the newest of ours that was looked for
   */
  async stands(brought: AllStreamRecordedEvent | undefined): Promise<boolean> {
    if (this.#hasBegun) this.#others.clear(); // what others wrote may have been cut off, too
    this.#hasBegun = true;
    const last = brought ?? this.#looked.last;
    if (!last) return true;
    const { client, timeout } = this.#options;
    const { id, position: place } = last;
    const options: ReadAllOptions = {
      direction: FORWARDS,
      fromPosition: place,
      maxCount: 1,
      requiresLeader: true,
    };
    const [found] = await retryRead(timeout, (within) =>
      wholePage((deadline) => client.readAll({ ...options, deadline }), within),
    ).catch((error: Error) => {
      if (isNoRecord(error)) return [];
      throw error;
    });
    if (found?.id === id && found.position.commit === place.commit) return true;
    this.#forget('another event, or none, stands where one was seen');
    return false;
  }

  /** Where the log ends, whoever wrote there. */
  async newest(): Promise<Position | undefined> {
    return (await this.#page(undefined, BACKWARDS, 1))[0]?.position;
  }

  /** The newest of our own events. What others wrote since is passed over here while it is little, else by the server. */
  async newestOfOurs(): Promise<AllStreamRecordedEvent | undefined> {
    const [known, generation] = [this.#looked, this.#generation]; // as they are before the read: others look at the same time
    const newest = await this.#page(undefined, BACKWARDS, 1);
    const end = newest[0]?.position.commit ?? -1n;
    if (end < known.commit) {
      this.#forget('the log ends before a place that was seen');
      return this.newestOfOurs();
    }
    const found =
      this.#newestIn(newest, known) ??
      this.#newestIn(await this.#page(undefined, BACKWARDS, LOOKED_OVER_HERE), known);
    if (found) return this.#see(end, found === 'none since' ? known.last : found[0], generation);
    if (this.#searching) {
      await this.#searching; // what it sees leaves little to search
      return this.newestOfOurs();
    }
    const searching = this.#searchNewest(known).then((last) => this.#see(end, last, generation));
    this.#searching = searching.finally(() => (this.#searching = undefined));
    return this.#searching;
  }

  /** Up to the commit position `end` the last of ours is this. */
  #see(
    end: bigint,
    last: AllStreamRecordedEvent | undefined,
    generation: number,
  ): AllStreamRecordedEvent | undefined {
    if (end <= this.#looked.commit || generation !== this.#generation) return last;
    this.#looked = { commit: end, last };
    if (end > (last?.position.commit ?? -1n)) this.#passOver(last && positionText(last.position), end);
    return last;
  }

  /** @returns nothing where neither an event of ours nor a place that was looked at before is among these */
  #newestIn(
    page: readonly AllStreamRecordedEvent[],
    known: Looked,
  ): [AllStreamRecordedEvent] | 'none since' | undefined {
    const found = page.find((event) => this.#isOurs(event));
    if (found) return [found];
    return page.some(({ position: { commit } }) => commit <= known.commit) ? 'none since' : undefined;
  }

  /** Forwards from where was looked before; backwards where nowhere was, or very many of ours came since. */
  async #searchNewest({ commit, last }: Looked): Promise<AllStreamRecordedEvent | undefined> {
    if (commit >= 0n) {
      const from = positionText({ commit, prepare: commit });
      const since = await this.#page(from, FORWARDS, LARGEST_PAGE, 'ours').catch((error: unknown) => {
        if (!(error instanceof LogDamaged)) throw error;
        this.#forget('no event stands any more where one was seen');
      });
      if (since && since.length < LARGEST_PAGE) return since.findLast((event) => this.#isOurs(event)) ?? last;
    }
    for await (const page of this.#search(undefined, BACKWARDS, 1)) if (page.length > 0) return page[0];
    return undefined;
  }

  /** Those of ours behind a position that are wanted, so many at most; fewer only where the log ends. */
  async ours(
    after: string | undefined,
    limit: number,
    isWanted: (event: AllStreamRecordedEvent) => boolean,
  ): Promise<AllStreamRecordedEvent[]> {
    const found: AllStreamRecordedEvent[] = [];
    for await (const page of this.#behind(after, limit)) {
      found.push(...page.filter(isWanted));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** How many of ours there are behind a position. */
  async countOurs(after: string | undefined): Promise<number> {
    let count = 0;
    const end = (await this.newest())?.commit ?? -1n;
    for await (const page of this.#behind(after, LARGEST_PAGE, end)) {
      count += page.length;
      if (count >= COUNT_AT_MOST) break;
    }
    return count;
  }

  /** Ours behind a position. Where there are none, that is remembered. @param commit up to there the log was there before this read */
  async *#behind(
    after: string | undefined,
    wanted: number,
    commit = this.#looked.commit,
  ): AsyncGenerator<AllStreamRecordedEvent[]> {
    const generation = this.#generation;
    const from = this.#others.get(after ?? '') ?? after;
    let isOnlyOthers = true;
    for await (const page of this.#search(from, FORWARDS, wanted)) {
      isOnlyOthers &&= page.length === 0;
      yield page;
    }
    if (!isOnlyOthers) return;
    const place = from === undefined ? -1n : position(from).commit;
    if (place > commit && place > ((await this.newest())?.commit ?? -1n)) throw noPlaceOf(after!);
    if (commit > place && generation === this.#generation) this.#passOver(after, commit);
  }

  /** Behind a position there is nothing of ours, up to another one. */
  #passOver(after: string | undefined, commit: bigint): void {
    this.#others.set(after ?? '', positionText({ commit, prepare: commit }));
  }

  /** Ours behind (or, backwards, before) a position, page by page until the log ends: the server passes over what is others'. */
  async *#search(
    after: string | undefined,
    direction: typeof FORWARDS | typeof BACKWARDS,
    wanted: number,
  ): AsyncGenerator<AllStreamRecordedEvent[]> {
    const size = Math.min(Math.max(wanted, SMALLEST_PAGE), LARGEST_PAGE);
    for (let from = after; ;) {
      const page = await this.#page(from, direction, size, 'ours');
      yield page.filter((event) => this.#isOurs(event));
      if (page.length < size) return;
      from = positionText(page.at(-1)!.position);
    }
  }

  /** It is an older log, and nothing that was known of it holds. */
  #forget(cause: string): void {
    this.#generation++;
    this.#looked = NOTHING_SEEN;
    this.#others.clear();
    this.#options.onDamage(`${cause}: was it restored from a backup?`);
    this.#options.onRestored();
  }

  /** A page of the whole log behind (or, backwards, before) a position, whoever wrote it or only what stands in streams of ours. */
  async #page(
    from: string | undefined,
    direction: typeof FORWARDS | typeof BACKWARDS,
    limit: number,
    whose: 'anybody' | 'ours' = 'anybody',
  ): Promise<AllStreamRecordedEvent[]> {
    const { client, timeout } = this.#options;
    const begin = direction === FORWARDS ? START : END;
    const options: ReadAllOptions = {
      direction,
      fromPosition: from === undefined ? begin : position(from),
      maxCount: from === undefined ? limit : limit + 1,
      requiresLeader: true,
    };
    const isSearch = whose === 'ours';
    const read = (within: number) =>
      wholePage((deadline) => {
        const timed = { ...options, deadline };
        return isSearch ? readOurs(client, this.#watched, timed) : client.readAll(timed);
      }, within);
    const page = await retryRead(isSearch ? SEARCH_MS : timeout, read).catch((error: Error) => {
      throw from !== undefined && isNoRecord(error) ? noPlaceOf(from) : error;
    });
    // forwards a read begins with the event that stands at the position
    return from !== undefined && page[0] && positionText(page[0].position) === from
      ? page.slice(1)
      : page.slice(0, limit);
  }

  #isOurs(event: RecordedEvent): boolean {
    if (!this.#watched.some((prefix) => event.streamId.startsWith(prefix))) return false;
    if (isOfServer(event)) this.tellOfDamage(event);
    return !isOfServer(event);
  }

  /** What the server wrote into a stream of ours, or about it, is told once. */
  tellOfDamage({ type, streamId, data }: RecordedEvent): void {
    if (this.#told.has(streamId) || (type === '$metadata' && !shortens(data))) return;
    this.#told.add(streamId);
    this.#options.onDamage(
      `the server has ${type} in ${streamId}: somebody deleted a stream of ours, or set what of it is kept`,
    );
  }
}

/** Our streams, and those in which the server keeps what of them is kept. */
export const watched = (prefixes: readonly string[]): string[] =>
  prefixes.flatMap((prefix) => [prefix, `$$${prefix}`]);

/** A type of the server's own, such as `$streamDeleted`, in whatever stream. */
export const isOfServer = ({ type }: Pick<RecordedEvent, 'type'>): boolean => type.startsWith('$');
