import { LogFile, type Direction } from './log-file.ts';
import type { Append, Heading, Outcome, ProposedEvent, RecordedEvent } from './records.ts';
import { DELETED, firstKept, isSoftDeleted, oldestKept, type Retention } from './retention.ts';
import { cutOff } from './system-events.ts';

/** Ids remembered to recognise a repeated append that expects any revision. */
const REMEMBERED_IDS = 65_536;

interface Waiting {
  readonly append: Append;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export interface LogOptions {
  readonly directory: string;
  /** The server's own event that comes after every so many appends. */
  readonly interjection: { readonly every: number; readonly append: () => Append };
}

/**
 * The log of the stand-in: judges appends as EventStoreDB does, and shares one sync between all that arrive in a turn.
 *
 * An append at an older revision succeeds again where its ids stand right there; their content is not looked at. An
 * append that expects any revision is only known again while the ids are remembered, which a restart ends. At the
 * revision where the stream does end, the same ids are appended once more.
 */
export class Log {
  readonly #file: LogFile;
  readonly #interjection: LogOptions['interjection'];
  readonly #remembered = new Map<string, { readonly stream: string; readonly revision: number }>();
  readonly #listeners = new Set<() => void>();
  #waiting: Waiting[] = [];
  #end: number;
  #appends = 0;
  #closed = false;

  constructor({ directory, interjection }: LogOptions) {
    this.#file = new LogFile(directory);
    this.#interjection = interjection;
    this.#end = this.#file.lastPosition();
  }

  /** The position of the last durable event, 0 for none. */
  get end(): number {
    return this.#end;
  }

  /** @returns after the sync */
  append(append: Append): Promise<Outcome> {
    if (this.#closed) return Promise.reject(new Error('the log is closed'));
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      this.#waiting.push({ append, resolve, reject });
    });
  }

  /** The revision of a stream's last event; nothing where there is no stream. */
  streamEnd(stream: string): number | undefined {
    return this.#file.end(stream)?.revision;
  }

  /** What the newest event of a stream says; nothing where that is no JSON, as the server reads metadata. */
  newestData(stream: string): unknown {
    const end = this.#file.end(stream);
    const [newest] = end ? this.#file.page(end.id, 'backwards', DELETED, 1) : [];
    try {
      return newest && JSON.parse(Buffer.from(newest.data).toString());
    } catch {
      return undefined;
    }
  }

  /** The first revision that is still read of a stream; nothing where the stream is not found. */
  streamStart(stream: string): number | undefined {
    const end = this.#file.end(stream);
    const kept = this.#retention(stream);
    if (end === undefined || isSoftDeleted(kept)) return undefined;
    const first = firstKept(kept, end.revision);
    return kept.$maxAge === undefined
      ? first
      : (this.#file.firstSince(end.id, first, oldestKept(kept)) ?? end.revision + 1);
  }

  /** Whether an event stands at that position, or the log ends before it. */
  isPlace(position: number): boolean {
    return position > this.#end || this.#file.hasPosition(position);
  }

  /** See {@link LogFile.page}; the whole log where no stream is named, of a stream what is kept. */
  page(stream: string | undefined, direction: Direction, from: number, limit: number): RecordedEvent[] {
    if (stream === undefined) return this.#file.page(undefined, direction, from, limit);
    const end = this.#file.end(stream);
    const first = this.streamStart(stream);
    if (!end || first === undefined) return [];
    if (direction === 'forwards') return this.#file.page(end.id, direction, Math.max(from, first), limit);
    return this.#file.page(end.id, direction, from, limit).filter(({ revision }) => revision >= first);
  }

  /** See {@link LogFile.headings}. */
  headings(direction: Direction, from: number, limit: number): Heading[] {
    return this.#file.headings(direction, from, limit);
  }

  /** Calls back after every sync that brought something. @returns ends it */
  onGrown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Commits what is waiting, and gives the file back. */
  close(): void {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    this.#file.close();
  }

  /** Gives the file back as a process does that is killed: what is not synced is lost. */
  abandon(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('the log was abandoned'));
    this.#file.close();
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    const before = this.#end;
    let outcomes: Outcome[];
    try {
      outcomes = this.#file.transaction(() => batch.map(({ append }) => this.#appendCounted(append)));
    } catch (error) {
      this.#end = before;
      this.#remembered.clear();
      for (const { reject } of batch) reject(error as Error);
      return;
    }
    batch.forEach(({ resolve }, n) => resolve(outcomes[n]!));
    if (this.#end > before) for (const listener of this.#listeners) listener();
  }

  #appendCounted(append: Append): Outcome {
    const outcome = this.#judgeAndWrite(append);
    const { every, append: interjected } = this.#interjection;
    if (++this.#appends % every === 0) this.#judgeAndWrite(interjected());
    return outcome;
  }

  #retention(stream: string): Retention {
    if (stream.startsWith('$$')) return {};
    return Object(this.newestData(`$$${stream}`)) as Retention;
  }

  #judgeAndWrite(append: Append): Outcome {
    const { stream, expected } = append;
    const { id, revision: current } = this.#file.end(stream) ?? { id: undefined, revision: -1 };
    if (current === DELETED) return { accepted: false, current };
    if (append.isLast) return this.#write(append, id, DELETED - 1);
    if (id !== undefined && isSoftDeleted(this.#retention(stream))) {
      this.#judgeAndWrite(cutOff(stream, current + 1));
      if (expected === 'no-stream') return this.#write(append, id, current);
    }
    return this.#judge(append, id, current);
  }

  #judge(append: Append, id: number | undefined, current: number): Outcome {
    const { stream, expected, events } = append;
    if (expected === 'any' || expected === 'stream-exists') {
      if (expected === 'stream-exists' && id === undefined) return { accepted: false, current };
      return this.#repeatedOfRemembered(stream, current, events) ?? this.#write(append, id, current);
    }
    const before = expected === 'no-stream' ? -1 : expected;
    if (before === current) return this.#write(append, id, current);
    const repeated = id === undefined ? undefined : this.#repeated(id, before, events);
    return repeated ?? { accepted: false, current };
  }

  #write({ stream, events }: Append, id: number | undefined, current: number): Outcome {
    if (events.length === 0) return { accepted: true, revision: current, position: undefined };
    const streamId = id ?? this.#file.addStream(stream);
    events.forEach((event, n) => {
      const revision = current + 1 + n;
      this.#end += sizeInLog(stream, event);
      this.#file.addEvent(streamId, revision, this.#end, event);
      this.#remember(event.id, stream, revision);
    });
    return { accepted: true, revision: current + events.length, position: this.#end };
  }

  /** The answer once more, where exactly these ids stand behind that revision. */
  #repeated(stream: number, before: number, events: readonly ProposedEvent[]): Outcome | undefined {
    const standing = this.#file.standing(stream, before, events.length);
    const isSame = standing.length === events.length && standing.every(({ id }, n) => id === events[n]!.id);
    const last = standing.at(-1);
    if (!isSame || !last) return undefined;
    return { accepted: true, revision: before + events.length, position: last.position };
  }

  /** The answer once more where all ids are remembered of that stream, a refusal where only the first ones are. */
  #repeatedOfRemembered(
    stream: string,
    current: number,
    events: readonly ProposedEvent[],
  ): Outcome | undefined {
    const revisions = events.map(({ id }) => {
      const known = this.#remembered.get(id);
      return known?.stream === stream ? known.revision : undefined;
    });
    if (revisions[0] === undefined) return undefined;
    const last = revisions.at(-1);
    if (last === undefined || revisions.includes(undefined)) return { accepted: false, current };
    const [event] = this.page(stream, 'forwards', last, 1);
    return { accepted: true, revision: last, position: event?.position };
  }

  #remember(id: string, stream: string, revision: number): void {
    this.#remembered.set(id, { stream, revision });
    if (this.#remembered.size > REMEMBERED_IDS) {
      const { value: oldest } = this.#remembered.keys().next();
      this.#remembered.delete(oldest!);
    }
  }
}

/** What an event takes in the log: positions are places in it, counted in bytes. */
const sizeInLog = (stream: string, { type, metadata, data }: ProposedEvent): number =>
  96 + stream.length + 2 * type.length + metadata.length + data.length;
