import { StoreUnavailable } from '@sparekey/event-sourcing';
import { VaultUnavailable, type KeyRing, type RingRow, type SealClass } from '@sparekey/vault';
import type { Postgres } from './postgres.ts';

interface Row {
  subject: string;
  class: SealClass;
  generation: number;
  wrapped: Uint8Array | null;
  shredded_at: number | null;
}

const FIND = 'SELECT * FROM ring WHERE subject = $1 AND class = $2 AND generation = $3';
const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

/**
 * The key ring in a PostgreSQL database of its own, in the tables that `migrateKeyRing` makes.
 *
 * Adding a key and shredding its subject exclude each other by a lock on the subject. Without it, under READ COMMITTED, an
 * insert would not see a shredding that has begun and the shredding would not see the insert, and a key of somebody
 * erased would stay. The lock is a statement of its own: the next one then sees all that was committed before it. Two
 * subjects whose hashes are the same wait for each other once in a while, and nothing else.
 *
 * A shredded key is in no answer any more once `shred` resolves. Its bytes, still wrapped under a master key, leave the
 * server's files with the next vacuum of the table and the reuse of its pages and its write-ahead log.
 */
export class PostgresKeyRing implements KeyRing {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async newest(subject: string, sealClass: SealClass): Promise<RingRow | undefined> {
    const [row] = await reach(
      this.#postgres.query<Row>(
        'SELECT * FROM ring WHERE subject = $1 AND class = $2 ORDER BY generation DESC LIMIT 1',
        [subject, sealClass],
      ),
    );
    return row && rowOf(row);
  }

  async find(subject: string, sealClass: SealClass, generation: number): Promise<RingRow | undefined> {
    const [row] = await reach(this.#postgres.query<Row>(FIND, [subject, sealClass, generation]));
    return row && rowOf(row);
  }

  async insertIfAbsent({ subject, class: sealClass, generation, wrapped }: RingRow): Promise<RingRow> {
    const [row] = await reach(
      this.#postgres.transaction(async (query) => {
        await query(LOCK, [subject]);
        await query(
          `INSERT INTO ring (subject, class, generation, wrapped, shredded_at)
           SELECT $1, $2, $3, CASE WHEN at IS NULL THEN $4::bytea END, at
           FROM (SELECT (SELECT at FROM shredded WHERE subject = $1) AS at) AS known
           ON CONFLICT DO NOTHING`,
          [subject, sealClass, generation, wrapped ?? null],
        );
        return query<Row>(FIND, [subject, sealClass, generation]);
      }),
    );
    return rowOf(row!);
  }

  async shred(subject: string, at: number): Promise<void> {
    await reach(
      this.#postgres.transaction(async (query) => {
        await query(LOCK, [subject]);
        await query('INSERT INTO shredded (subject, at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          subject,
          at,
        ]);
        await query(
          'UPDATE ring SET wrapped = NULL, shredded_at = $2 WHERE subject = $1 AND shredded_at IS NULL',
          [subject, at],
        );
      }),
    );
  }

  /** Two statements: an insert waits for another's of the same name, and what is read after it is what stands. */
  async secretIfAbsent(name: string, sealed: string): Promise<string> {
    await reach(
      this.#postgres.query('INSERT INTO secret (name, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        name,
        sealed,
      ]),
    );
    return (await this.secret(name))!;
  }

  async secret(name: string): Promise<string | undefined> {
    const [row] = await reach(
      this.#postgres.query<{ sealed: string }>('SELECT sealed FROM secret WHERE name = $1', [name]),
    );
    return row?.sealed;
  }
}

/** @throws VaultUnavailable where the server is away */
async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof StoreUnavailable ? new VaultUnavailable({ cause: error.cause }) : error;
  }
}

function rowOf(row: Row): RingRow {
  return {
    subject: row.subject,
    class: row.class,
    generation: row.generation,
    wrapped: row.wrapped ? new Uint8Array(row.wrapped) : undefined,
    shreddedAt: row.shredded_at ?? undefined,
  };
}
