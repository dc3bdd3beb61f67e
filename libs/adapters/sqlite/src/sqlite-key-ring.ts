import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { KeyRing, RingRow, SealClass } from '@sparekey/vault';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ring (
    subject TEXT NOT NULL,
    class TEXT NOT NULL,
    generation INTEGER NOT NULL,
    wrapped BLOB,
    shredded_at INTEGER,
    PRIMARY KEY (subject, class, generation)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS shredded (subject TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, sealed TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

interface Row {
  subject: string;
  class: SealClass;
  generation: number;
  wrapped: Uint8Array | null;
  shredded_at: number | null;
}

/**
 * The key ring in `keys.db`, opened with `secure_delete` so that a shredded key's bytes are overwritten, and emptied
 * out of the write-ahead log before `shred` returns.
 */
export class SqliteKeyRing implements KeyRing {
  readonly #database: DatabaseSync;
  readonly #newest: StatementSync;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #shreddedAt: StatementSync;
  readonly #insertSecret: StatementSync;
  readonly #findSecret: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
    const select = (rest: string) =>
      database.prepare(`SELECT * FROM ring WHERE subject = ? AND class = ? ${rest}`);
    this.#newest = select('ORDER BY generation DESC LIMIT 1');
    this.#find = select('AND generation = ?');
    this.#insert = database.prepare(
      `INSERT INTO ring (subject, class, generation, wrapped, shredded_at)
       VALUES (:subject, :class, :generation,
         CASE WHEN EXISTS (SELECT 1 FROM shredded WHERE subject = :subject) THEN NULL ELSE :wrapped END,
         (SELECT at FROM shredded WHERE subject = :subject))
       ON CONFLICT DO NOTHING`,
    );
    this.#shreddedAt = database.prepare(
      'INSERT INTO shredded (subject, at) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#insertSecret = database.prepare(
      'INSERT INTO secret (name, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING',
    );
    this.#findSecret = database.prepare('SELECT sealed FROM secret WHERE name = ?');
  }

  async newest(subject: string, sealClass: SealClass): Promise<RingRow | undefined> {
    return rowOf(this.#newest.get(subject, sealClass) as Row | undefined);
  }

  async find(subject: string, sealClass: SealClass, generation: number): Promise<RingRow | undefined> {
    return rowOf(this.#find.get(subject, sealClass, generation) as Row | undefined);
  }

  async insertIfAbsent({ subject, class: sealClass, generation, wrapped }: RingRow): Promise<RingRow> {
    this.#insert.run({ subject, class: sealClass, generation, wrapped: wrapped ?? null });
    return rowOf(this.#find.get(subject, sealClass, generation) as unknown as Row)!;
  }

  async shred(subject: string, at: number): Promise<void> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#shreddedAt.run(subject, at);
      this.#database
        .prepare('UPDATE ring SET wrapped = NULL, shredded_at = ? WHERE subject = ? AND shredded_at IS NULL')
        .run(at, subject);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async secretIfAbsent(name: string, sealed: string): Promise<string> {
    this.#insertSecret.run(name, sealed);
    return (await this.secret(name))!;
  }

  async secret(name: string): Promise<string | undefined> {
    return (this.#findSecret.get(name) as { sealed: string } | undefined)?.sealed;
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

function rowOf(row: Row | undefined): RingRow | undefined {
  if (!row) return undefined;
  return {
    subject: row.subject,
    class: row.class,
    generation: row.generation,
    wrapped: row.wrapped ? new Uint8Array(row.wrapped) : undefined,
    shreddedAt: row.shredded_at ?? undefined,
  };
}
