import { DatabaseSync } from 'node:sqlite';
import { chmodSync } from 'node:fs';

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
