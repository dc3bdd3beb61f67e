import type { DatabaseSync } from 'node:sqlite';
import type { ListenerState, Parked, ParkedQuery } from '@sparekey/event-sourcing';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cursor (room TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parked (
    number INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    position TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    cause TEXT NOT NULL,
    parked_at INTEGER NOT NULL,
    UNIQUE (room, event_id)
  ) STRICT;
`;

interface Row {
  room: string;
  event_id: string;
  type: string;
  stream: string;
  revision: number;
  position: string;
  attempts: number;
  cause: string;
  parked_at: number;
}

/**
 * Cursors and parked events in `listeners.db`. It is a file of its own, not `views.db`: two writers of one file would
 * have the thread of the requests wait for a rebuild's transaction.
 */
export class SqliteListenerState implements ListenerState {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  async position(room: string): Promise<string | undefined> {
    const row = this.#database.prepare('SELECT position FROM cursor WHERE room = ?').get(room);
    return row?.position as string | undefined;
  }

  async advance(room: string, position: string): Promise<void> {
    this.#database
      .prepare(
        'INSERT INTO cursor VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET position = excluded.position',
      )
      .run(room, position);
  }

  async park(parked: Parked): Promise<void> {
    const { room, eventId, type, stream, revision, position, attempts, cause, parkedAt } = parked;
    this.#database
      .prepare(
        `INSERT INTO parked (room, event_id, type, stream, revision, position, attempts, cause, parked_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (room, event_id) DO UPDATE SET
           attempts = excluded.attempts, cause = excluded.cause, parked_at = excluded.parked_at`,
      )
      .run(room, eventId, type, stream, revision, position, attempts, cause, parkedAt);
  }

  async parked({ room, after, limit }: ParkedQuery): Promise<readonly Parked[]> {
    const rows = this.#database
      .prepare(
        `SELECT * FROM parked
         WHERE (? IS NULL OR room = ?)
           AND number > coalesce((SELECT number FROM parked WHERE room = ? AND event_id = ?), 0)
         ORDER BY number LIMIT ?`,
      )
      .all(room ?? null, room ?? null, after?.room ?? null, after?.eventId ?? null, limit);
    return (rows as unknown as Row[]).map(parkedOf);
  }

  async findParked(room: string, eventId: string): Promise<Parked | undefined> {
    const row = this.#database
      .prepare('SELECT * FROM parked WHERE room = ? AND event_id = ?')
      .get(room, eventId);
    return row && parkedOf(row as unknown as Row);
  }

  async unpark(room: string, eventId: string): Promise<void> {
    this.#database.prepare('DELETE FROM parked WHERE room = ? AND event_id = ?').run(room, eventId);
  }

  async countParked(): Promise<number> {
    return (this.#database.prepare('SELECT count(*) AS n FROM parked').get() as { n: number }).n;
  }

  close(): void {
    this.#database.close();
  }
}

function parkedOf(row: Row): Parked {
  const { event_id: eventId, parked_at: parkedAt, room, type, stream, revision, position } = row;
  return {
    room,
    eventId,
    type,
    stream,
    revision,
    position,
    attempts: row.attempts,
    cause: row.cause,
    parkedAt,
  };
}
