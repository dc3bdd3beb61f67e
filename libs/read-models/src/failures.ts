/** What databases say: by SQLSTATE where there is one, else by SQLite's extended result code and text. */
interface Said {
  readonly code?: string;
  readonly errcode?: number;
  readonly message: string;
}

const UNIQUE_VIOLATION = '23505';
/** SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE */
const SQLITE_UNIQUE = new Set([1555, 2067]);
const UNDEFINED_TABLE = '42P01';

/** There is a row of this key. */
export function isTaken(error: unknown): boolean {
  const { code, errcode = 0 } = error as Said;
  return code === UNIQUE_VIOLATION || SQLITE_UNIQUE.has(errcode);
}

/** There is no such table. */
export function isMissing(error: unknown): boolean {
  const { code, message } = error as Said;
  return code === UNDEFINED_TABLE || message.startsWith('no such table');
}
