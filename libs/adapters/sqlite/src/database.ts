import { DatabaseSync } from 'node:sqlite';
import { chmodSync, rmSync, statSync } from 'node:fs';

/**
 * Opens a database whose every commit is synced before it returns (`synchronous=FULL` in WAL mode), readable by its
 * owner only.
 */
export function openDatabase(file: string, pragmas: readonly string[] = []): DatabaseSync {
  const database = new DatabaseSync(file);
  chmodSync(file, 0o600); // before WAL mode: the -wal and -shm files take the database's mode
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000', ...pragmas]) {
    database.exec(`PRAGMA ${pragma}`);
  }
  return database;
}

/** A file is no database any more, or a part of it is gone. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase';
}

/**
 * The same for a database that nothing can make again: one that is damaged is told, and left as it is.
 *
 * @throws DamagedDatabase
 */
export function openSound(file: string, pragmas: readonly string[] = []): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = openDatabase(file, pragmas);
    requireWhole(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw isDamage(error) ? new DamagedDatabase((error as Error).message, { cause: error }) : error;
  }
}

/** @throws DamagedDatabase where the file ends before its last page, which SQLite itself finds only when it gets there */
function requireWhole(database: DatabaseSync, file: string): void {
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (wal > 0) return; // pages may stand there that the file does not have yet
  const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
  const { page_size: size } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  const { size: bytes } = statSync(file);
  if (bytes < pages * size) throw new DamagedDatabase(`it ends after ${bytes} of ${pages * size} bytes`);
}

export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedDatabase || DAMAGED.has(((error as { errcode?: number }).errcode ?? 0) & 0xff);

/**
 * Opens a database that can be made again from the log: it need not survive a failing power supply, and where it is
 * damaged it is thrown away.
 */
export function openDisposable(file: string): DatabaseSync {
  const open = () => openDatabase(file, ['synchronous = NORMAL', 'cache_size = -16384']);
  try {
    const database = open();
    requireWhole(database, file);
    return database;
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    return open();
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB */
const DAMAGED = new Set([11, 26]);
