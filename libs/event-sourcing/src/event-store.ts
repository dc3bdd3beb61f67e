import type { EventRecord, StoredEvent } from './envelope.ts';

/** `no-stream`: the stream must not exist; a number: it is the revision of the stream's last event. */
export type ExpectedRevision = number | 'no-stream';

export interface ReadOptions {
  /** First revision wanted (forwards: default 0; backwards: default the last). */
  readonly from?: number;
  readonly direction?: 'forwards' | 'backwards';
  /** At most this many events; default 500. Fewer come back only where the stream ends. */
  readonly limit?: number;
}

export interface AppendOptions {
  /** The events' ids were made for this append and were never sent to the store before. */
  readonly hasNewIds?: boolean;
}

/** What a reader of the whole log wants of it: events of a type, and of those perhaps only some. */
export interface EventFilter {
  readonly type: string;
  /** Fields of the stored data, each with the text that it must be. */
  readonly where?: Readonly<Record<string, string>>;
}

/** What came behind a position. */
export interface ReadOn {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at, wanted or not. */
  readonly upTo: string | undefined;
}

/** Whether somebody may do something in the store, as it was tried out, and whether that is as it should be. */
export interface StoreRight {
  /** Our login, or anybody who has none. */
  readonly who: 'sparekey' | 'anybody';
  /** `read-all` the whole log; the others with streams of ours. */
  readonly may:
    'read-all' | 'read' | 'append' | 'delete' | 'delete-for-good' | 'read-metadata' | 'set-metadata';
  readonly allowed: boolean;
  readonly wanted: boolean;
}

/**
 * The log of all events. Every adapter passes `eventStoreContract`.
 *
 * Guarantees:
 * - `append` is atomic: all of its events are in the stream, one after another, or none.
 * - It resolves only after the events are durable, and judges `expected` against everything already accepted.
 * - The same events (same ids and content) appended again at the same expected revision succeed with the first answer.
 * - Reads see durable events only, read-your-writes, and a stream to its end at the time of the call.
 * - `readAll` gives every durable event once, in one order that respects the order within each stream.
 */
export interface EventStore {
  /**
   * @param options where it is said that no such id was ever sent before, nobody has to look whether another append went by it
   * @returns the revision of the last event appended
   * @throws WrongExpectedRevision when the stream's end is another; nothing was appended
   * @throws EventIdReused when these ids stand there with other content; nothing was appended
   * @throws AppendRefused nothing was appended, and nothing ever will be
   * @throws StoreUnavailable see there for what is known
   */
  append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventRecord[],
    options?: AppendOptions,
  ): Promise<number>;

  /** A page of one stream; empty where the stream does not exist. */
  read(stream: string, options?: ReadOptions): Promise<readonly StoredEvent[]>;

  /**
   * A page of the whole log after `position` (from the beginning where absent), each event with its position. Fewer than
   * `limit` come back only where the log ends.
   * @param filters all events where absent
   */
  readAll(
    after: string | undefined,
    limit: number,
    filters?: readonly EventFilter[],
  ): Promise<readonly StoredEvent[]>;

  /** What was brought here already of what stands behind a position; nothing where that cannot be told without a read. */
  atHand?(after: string | undefined, limit: number, filters?: readonly EventFilter[]): ReadOn | undefined;

  /** The position of the last durable event; nothing where the log is empty. */
  end(): Promise<string | undefined>;

  /** How many events there are behind `position`: to tell how far a reader is behind. */
  countAfter(position: string | undefined): Promise<number>;

  /**
   * Calls back soon after anything was appended, by whichever caller of this object; for nothing, too, where the store may have
   * missed something.
   *
   * @param types events of these types alone
   * @returns ends it
   */
  onAppended(listener: () => void, types?: readonly string[]): () => void;

  /** Whether it answers, which costs little whatever stands in it. @throws StoreUnavailable */
  ping(): Promise<void>;

  /** Who may do what there, where others have a way in; tried out without changing anything. @throws StoreUnavailable */
  rights?(): Promise<readonly StoreRight[]>;

  /** When the last event of the whole log was decided (Unix milliseconds); nothing where the log is empty. */
  newestTime(): Promise<number | undefined>;
}

export const DEFAULT_PAGE = 500;

/** Somebody else appended first. Gather anew and decide again. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';

  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`expected revision ${expected} of a stream that stands at ${actual}`);
  }
}

/** Event ids are never used twice: a fault in the program that made them. */
export class EventIdReused extends Error {
  override readonly name = 'EventIdReused';

  constructor(readonly eventId: string) {
    super(`event id ${eventId} stands in the stream with other content`);
  }
}

/** Nothing was appended, and no other try will be: the store refuses it for good. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
  /** Another try would change nothing. */
  readonly isFinal = true;

  constructor(
    readonly stream: string,
    reason: string,
    options: { cause: unknown },
  ) {
    super(`nothing can be appended to ${stream}: ${reason}`, options);
  }
}

/** What stands in the log is not what was appended or followed: somebody deleted, truncated or restored it, or it is another one. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
  /** Another try would change nothing. */
  readonly isFinal = true;
}

/** The store could not serve the call. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';

  constructor(
    /** `not-appended`: certainly nothing was recorded; `unknown`: ask the stream. For reads always `not-appended`. */
    readonly outcome: 'not-appended' | 'unknown',
    /** `reason`: what an operator can do about it, where that can be told; no secret stands in it. */
    { cause, reason }: { cause: unknown; reason?: string | undefined },
  ) {
    super(`the event store is unavailable${reason === undefined ? '' : `: ${reason}`}`, { cause });
  }
}
