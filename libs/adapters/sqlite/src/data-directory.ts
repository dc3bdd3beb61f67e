import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Dialect } from 'kysely';
import { isDamage, openDatabase, openDisposable, openSound } from './database.ts';
import { sqliteDialect } from './kysely-dialect.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteKeyRing } from './sqlite-key-ring.ts';
import { SqliteListenerState } from './sqlite-listener-state.ts';

/** Another process has this data directory, or it cannot be used; the message says which and what to do. */
export class DataDirectoryFault extends Error {
  override readonly name = 'DataDirectoryFault';
}

/**
 * The folder that one process owns while it lives: `log.db` (events), `keys.db` (key ring, to be backed up apart),
 * `views.db` (read models) and `listeners.db` (what each room has heard), which may both be thrown away, and `owner.db`, whose exclusive lock the operating system lets go when the process ends, however it ends. Everything in
 * it is readable by its owner only.
 */
export class DataDirectory {
  readonly #owner: DatabaseSync;
  readonly #closing: (() => Promise<void>)[] = [];

  /** @throws DataDirectoryFault */
  constructor(readonly path: string) {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chmodSync(path, 0o700);
      // before SQLite opens it: what it writes beside a file has that file's mode
      closeSync(openSync(join(path, 'owner.db'), 'a', 0o600));
      chmodSync(join(path, 'owner.db'), 0o600);
      this.#owner = new DatabaseSync(join(path, 'owner.db'));
    } catch (cause) {
      throw new DataDirectoryFault(`cannot use the data directory ${path}: ${(cause as Error).message}`, {
        cause,
      });
    }
    try {
      this.#owner.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch (cause) {
      this.#owner.close();
      throw new DataDirectoryFault(`the data directory ${path} is in use by another process`, { cause });
    }
  }

  openEventStore(): SqliteEventStore {
    const pragmas = ['cache_size = -32768', 'wal_autocheckpoint = 4000'];
    const store = this.#sound('log.db', (file) => new SqliteEventStore(openSound(file, pragmas)));
    this.#closing.push(() => store.close());
    return store;
  }

  openKeyRing(): SqliteKeyRing {
    const ring = this.#sound('keys.db', (file) => new SqliteKeyRing(openSound(file, ['secure_delete = ON'])));
    this.#closing.push(() => ring.close());
    return ring;
  }

  openListenerState(): SqliteListenerState {
    const state = new SqliteListenerState(openDisposable(join(this.path, 'listeners.db')));
    this.#closing.push(async () => state.close());
    return state;
  }

  /** Read models, to be read. Who writes them opens them with {@link openViewsToWrite}. */
  openViews(): Dialect {
    const database = openDisposable(join(this.path, 'views.db'));
    database.exec('PRAGMA query_only = ON');
    this.#closing.push(async () => database.close());
    return sqliteDialect(database);
  }

  /**
   * A secret kept in a file of its own (mode 0600), made by `generate` when it is first asked for.
   * @returns its text, and whether it was made just now
   */
  secretFile(name: string, generate: () => string): { path: string; text: string; made: boolean } {
    const path = join(this.path, name);
    const made = !existsSync(path);
    if (made) createDurably(path, generate());
    return { path, text: readFileSync(path, 'utf8'), made };
  }

  /** @throws DataDirectoryFault where the file is damaged: with its name and the mend */
  #sound<T>(name: string, open: (file: string) => T): T {
    try {
      return open(join(this.path, name));
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      const what = `${join(this.path, name)} is damaged (${(cause as Error).message})`;
      throw new DataDirectoryFault(`${what}: restore it from a backup; it was left as it is`, { cause });
    }
  }

  /** Closes what was opened, commits what is waiting, and gives the directory back. */
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
    this.#owner.close();
  }
}

/** Read models, to be written by one thread of the process that owns the directory. */
export const openViewsToWrite = (path: string): Dialect =>
  sqliteDialect(openDisposable(join(path, 'views.db')));

/** The log, to be followed by another thread of the process that owns the directory: it appends nothing. */
export function openLogToFollow(path: string): SqliteEventStore {
  return new SqliteEventStore(openDatabase(join(path, 'log.db'), ['query_only = ON', 'cache_size = -4096']));
}

/** The key ring, for another thread of the process that owns the directory. */
export const openKeyRingBeside = (path: string): SqliteKeyRing =>
  new SqliteKeyRing(openDatabase(join(path, 'keys.db'), ['secure_delete = ON']));

/** Whole or not at all, also when the power fails: written beside, synced, then linked to its name. */
function createDurably(path: string, text: string): void {
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const file = openSync(beside, 'wx', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  linkSync(beside, path);
  rmSync(beside);
  const directory = openSync(join(path, '..'), 'r');
  fsyncSync(directory);
  closeSync(directory);
}
