import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Heading, ProposedEvent, RecordedEvent } from './records.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    is_json INTEGER NOT NULL,
    created INTEGER NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
`;

const COLUMNS =
  'position, stream.name AS stream, revision, event.id, type, is_json AS isJson, created, metadata, data';

export interface StreamEnd {
  readonly id: number;
  readonly revision: number;
}

/** What stands at a revision: enough to tell a repeated append. */
export interface Standing {
  readonly id: string;
  readonly position: number;
}

export type Direction = 'forwards' | 'backwards';

/** The file of the stand-in, in SQL and nothing else. It belongs to whoever opened it until they close it, or end. */
export class LogFile {
  readonly #database: DatabaseSync;
  readonly #end: StatementSync;
  readonly #standing: StatementSync;
  readonly #addStream: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #headings: Readonly<Record<Direction, StatementSync>>;
  readonly #pages: Readonly<Record<'all' | 'stream', Readonly<Record<Direction, StatementSync>>>>;

  /** @throws where another stand-in has the directory */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const database = (this.#database = openAlone(join(directory, 'stand-in.db')));
    database.exec(SCHEMA);
    this.#end = database.prepare(
      'SELECT id, (SELECT max(revision) FROM event WHERE stream = stream.id) AS revision FROM stream WHERE name = ?',
    );
    this.#standing = database.prepare(
      'SELECT id, position FROM event WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
    );
    this.#addStream = database.prepare('INSERT INTO stream (name) VALUES (?)');
    this.#addEvent = database.prepare(
      'INSERT INTO event (position, stream, revision, id, type, is_json, created, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const page = (condition: string, order: string) =>
      database.prepare(
        `SELECT ${COLUMNS} FROM event JOIN stream ON stream.id = event.stream
         WHERE ${condition} ORDER BY ${order} LIMIT ?`,
      );
    const headings = (condition: string, order: string) =>
      database.prepare(
        `SELECT position, stream.name AS stream, type FROM event JOIN stream ON stream.id = event.stream
         WHERE ${condition} ORDER BY ${order} LIMIT ?`,
      );
    this.#headings = {
      forwards: headings('position >= ?', 'position'),
      backwards: headings('position < ?', 'position DESC'),
    };
    this.#pages = {
      all: {
        forwards: page('position >= ?', 'position'),
        backwards: page('position < ?', 'position DESC'),
      },
      stream: {
        forwards: page('event.stream = ? AND revision >= ?', 'revision'),
        backwards: page('event.stream = ? AND revision < ?', 'revision DESC'),
      },
    };
  }

  end(stream: string): StreamEnd | undefined {
    return this.#end.get(stream) as StreamEnd | undefined;
  }

  /** The first revision of a stream from one on that was recorded since then (Unix milliseconds). */
  firstSince(stream: number, from: number, since: number): number | undefined {
    const first = this.#database
      .prepare(
        'SELECT min(revision) AS revision FROM event WHERE stream = ? AND revision >= ? AND created >= ?',
      )
      .get(stream, from, since)!;
    return (first.revision as number | null) ?? undefined;
  }

  /** What stands behind a revision, at most `limit` of it. */
  standing(stream: number, after: number, limit: number): readonly Standing[] {
    return this.#standing.all(stream, after, limit) as unknown as Standing[];
  }

  /** A page from a place on (backwards: before it); of the whole log by position, of a stream by revision. */
  page(stream: number | undefined, direction: Direction, from: number, limit: number): RecordedEvent[] {
    const rows =
      stream === undefined
        ? this.#pages.all[direction].all(from, limit)
        : this.#pages.stream[direction].all(stream, from, limit);
    return rows as unknown as RecordedEvent[]; // isJson comes as 0 or 1, and nobody compares it
  }

  /** Of a page of the whole log what a filter looks at: a third of the work. */
  headings(direction: Direction, from: number, limit: number): Heading[] {
    return this.#headings[direction].all(from, limit) as unknown as Heading[];
  }

  /** Whether an event stands exactly there. */
  hasPosition(position: number): boolean {
    return this.#database.prepare('SELECT 1 FROM event WHERE position = ?').get(position) !== undefined;
  }

  lastPosition(): number {
    const { position } = this.#database.prepare('SELECT max(position) AS position FROM event').get()!;
    return (position as number | null) ?? 0;
  }

  addStream(name: string): number {
    return Number(this.#addStream.run(name).lastInsertRowid);
  }

  addEvent(stream: number, revision: number, position: number, event: ProposedEvent): void {
    const { id, type, isJson, metadata, data } = event;
    const created = Date.now();
    this.#addEvent.run(position, stream, revision, id, type, isJson ? 1 : 0, created, metadata, data);
  }

  /** Everything that `work` wrote is synced when this returns, or nothing of it is there. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

const SQLITE_BUSY = 5;

function openAlone(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600);
  try {
    // exclusive before anything is read: the lock is then taken once, and held until the process ends, however it ends
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    database.exec('PRAGMA wal_autocheckpoint = 4000; BEGIN EXCLUSIVE; COMMIT');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause;
    throw new Error(`another stand-in has ${file}`, { cause });
  }
  return database;
}
