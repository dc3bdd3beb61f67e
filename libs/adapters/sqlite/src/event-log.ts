import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventRecord, EventFilter, StoredEvent } from '@sparekey/event-sourcing';

/** The tables of `log.db`: stream names once, events by position and by (stream, revision). */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    time INTEGER NOT NULL,
    origin TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
`;

/** An event ready to be inserted: everything that can fail about it has been done. */
export interface EncodedEvent {
  readonly id: Uint8Array;
  readonly type: string;
  readonly version: number;
  readonly time: number;
  /** JSON of domain, subject, actor, correlation, causation and trace. */
  readonly origin: string;
  readonly data: string;
}

export interface StreamHead {
  readonly id: number;
  readonly revision: number;
}

interface Row {
  position: number;
  name: string;
  revision: number;
  id: Uint8Array;
  type: string;
  version: number;
  time: number;
  origin: string;
  data: string;
}

const COLUMNS =
  'event.position, stream.name, event.revision, event.id, event.type, event.version, event.time, event.origin, event.data';

/** The statements of the log, in SQL and nothing else: no judgement, no caching. */
export class EventLog {
  readonly #database: DatabaseSync;
  readonly #head: StatementSync;
  readonly #insertStream: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #forwards: StatementSync;
  readonly #backwards: StatementSync;
  readonly #all = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
    this.#head = database.prepare(
      'SELECT id, (SELECT max(revision) FROM event WHERE stream = stream.id) AS revision FROM stream WHERE name = ?',
    );
    this.#insertStream = database.prepare('INSERT INTO stream (name) VALUES (?)');
    this.#insertEvent = database.prepare(
      'INSERT INTO event (stream, revision, id, type, version, time, origin, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const page = (comparison: string, order: string) =>
      database.prepare(
        `SELECT ${COLUMNS} FROM event JOIN stream ON stream.id = event.stream
         WHERE event.stream = ? AND event.revision ${comparison} ? ORDER BY event.revision ${order} LIMIT ?`,
      );
    this.#forwards = page('>=', 'ASC');
    this.#backwards = page('<=', 'DESC');
  }

  head(name: string): StreamHead | undefined {
    return this.#head.get(name) as StreamHead | undefined;
  }

  addStream(name: string): number {
    return Number(this.#insertStream.run(name).lastInsertRowid);
  }

  addEvent(stream: number, revision: number, event: EncodedEvent): void {
    const { id, type, version, time, origin, data } = event;
    this.#insertEvent.run(stream, revision, id, type, version, time, origin, data);
  }

  page(stream: number, from: number, direction: 'forwards' | 'backwards', limit: number): StoredEvent[] {
    const rows = (direction === 'forwards' ? this.#forwards : this.#backwards).all(stream, from, limit);
    return (rows as unknown as Row[]).map((row) => decode(row));
  }

  all(after: number, limit: number, filters: readonly EventFilter[] = []): StoredEvent[] {
    const { condition, values } = wanted(filters);
    let statement = this.#all.get(condition);
    if (!statement) {
      statement = this.#database.prepare(
        `SELECT ${COLUMNS} FROM event JOIN stream ON stream.id = event.stream
         WHERE event.position > ? ${condition} ORDER BY event.position LIMIT ?`,
      );
      this.#all.set(condition, statement);
    }
    return (statement.all(after, ...values, limit) as unknown as Row[]).map((row) => ({
      ...decode(row),
      position: String(row.position),
    }));
  }

  end(): number | undefined {
    const last = this.#database.prepare('SELECT max(position) AS position FROM event').get();
    return (last?.position as number | null) ?? undefined;
  }

  newestTime(): number | undefined {
    const last = this.#database.prepare('SELECT time FROM event ORDER BY position DESC LIMIT 1').get();
    return last?.time as number | undefined;
  }

  newest(limit: number): StoredEvent[] {
    const rows = this.#database
      .prepare(
        `SELECT ${COLUMNS} FROM event JOIN stream ON stream.id = event.stream ORDER BY event.position DESC LIMIT ?`,
      )
      .all(limit);
    return (rows as unknown as Row[]).map((row) => decode(row));
  }

  /** Runs `work` in one transaction; everything it wrote is synced when this returns, or nothing of it is there. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** The condition that picks these events, and its parameters; nothing where all are wanted. */
function wanted(filters: readonly EventFilter[]): { condition: string; values: string[] } {
  if (filters.length === 0) return { condition: '', values: [] };
  const whole = filters.filter(({ where }) => !where).map(({ type }) => type);
  const some = filters.flatMap(({ type, where }) => {
    const fields = Object.entries(where ?? {});
    if (fields.length === 0) return [];
    const only = fields.map(() => 'json_extract(event.data, ?) = ?').join(' AND ');
    return {
      text: `(event.type = ? AND ${only})`,
      values: [type, ...fields.flatMap(([k, v]) => [`$.${k}`, v])],
    };
  });
  const types = `event.type IN (${whole.map(() => '?').join()})`;
  const condition = `AND (${[types, ...some.map(({ text }) => text)].join(' OR ')})`;
  return { condition, values: [...whole, ...some.flatMap(({ values }) => values)] };
}

export function encode({ id, type, version, time, data, ...origin }: EventRecord): EncodedEvent {
  return {
    id: Buffer.from(id.replaceAll('-', ''), 'hex'),
    type,
    version,
    time,
    origin: JSON.stringify(origin),
    data: JSON.stringify(data),
  };
}

function decode(row: Row): StoredEvent {
  const hex = Buffer.from(row.id).toString('hex');
  return {
    ...(JSON.parse(row.origin) as Omit<EventRecord, 'id' | 'type' | 'version' | 'time' | 'data'>),
    id: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
    type: row.type,
    version: row.version,
    time: row.time,
    data: JSON.parse(row.data) as object,
    stream: row.name,
    revision: row.revision,
  };
}
