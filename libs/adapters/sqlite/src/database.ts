import { DatabaseSync } from 'node:sqlite';
import { chmodSync, rmSync } from 'node:fs';

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

/**
 * Opens a database that can be made again from the log: it need not survive a failing power supply, and where it is
 * damaged it is thrown away.
 */
export function openDisposable(file: string): DatabaseSync {
  const open = () => openDatabase(file, ['synchronous = NORMAL', 'cache_size = -16384']);
  try {
    const database = open();
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    const { errcode = 0 } = error as { errcode?: number };
    if (!DAMAGED.has(errcode & 0xff)) throw error;
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    return open();
  }
}

/** SQLITE_CORRUPT, SQLITE_NOTADB */
const DAMAGED = new Set([11, 26]);
