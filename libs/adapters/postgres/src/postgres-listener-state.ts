import type { ListenerState, Parked, ParkedQuery } from '@sparekey/event-sourcing';
import type { Postgres } from './postgres.ts';

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
 * Cursors and parked events in the tables that `migrateListeners` makes; they may lie beside the read models. Every call
 * throws `StoreUnavailable` where the server is away.
 */
export class PostgresListenerState implements ListenerState {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async position(room: string): Promise<string | undefined> {
    const [row] = await this.#postgres.query<{ position: string }>(
      'SELECT position FROM cursor WHERE room = $1',
      [room],
    );
    return row?.position;
  }

  async advance(room: string, position: string): Promise<void> {
    await this.#postgres.query(
      `INSERT INTO cursor (room, position) VALUES ($1, $2)
       ON CONFLICT (room) DO UPDATE SET position = excluded.position`,
      [room, position],
    );
  }

  async park(parked: Parked): Promise<void> {
    const { room, eventId, type, stream, revision, position, attempts, cause, parkedAt } = parked;
    await this.#postgres.query(
      `INSERT INTO parked (room, event_id, type, stream, revision, position, attempts, cause, parked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (room, event_id) DO UPDATE SET
         attempts = excluded.attempts, cause = excluded.cause, parked_at = excluded.parked_at`,
      [room, eventId, type, stream, revision, position, attempts, withoutZeros(cause), parkedAt],
    );
  }

  async parked({ room, after, limit }: ParkedQuery): Promise<readonly Parked[]> {
    const rows = await this.#postgres.query<Row>(
      `SELECT * FROM parked
       WHERE ($1::text IS NULL OR room = $1)
         AND number > coalesce((SELECT number FROM parked WHERE room = $2 AND event_id = $3), 0)
       ORDER BY number LIMIT $4`,
      [room ?? null, after?.room ?? null, after?.eventId ?? null, limit],
    );
    return rows.map(parkedOf);
  }

  async findParked(room: string, eventId: string): Promise<Parked | undefined> {
    const [row] = await this.#postgres.query<Row>('SELECT * FROM parked WHERE room = $1 AND event_id = $2', [
      room,
      eventId,
    ]);
    return row && parkedOf(row);
  }

  async unpark(room: string, eventId: string): Promise<void> {
    await this.#postgres.query('DELETE FROM parked WHERE room = $1 AND event_id = $2', [room, eventId]);
  }

  async countParked(): Promise<number> {
    const [row] = await this.#postgres.query<{ n: number }>('SELECT count(*) AS n FROM parked');
    return row!.n;
  }
}

/** The one character that PostgreSQL keeps in no text: a cause that has it must not keep the event from being parked. */
const withoutZeros = (text: string): string => text.replaceAll('\0', '\uFFFD');

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
