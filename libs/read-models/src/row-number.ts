import { SqliteAdapter, type Kysely } from 'kysely';

/**
 * The type of a primary key that counts rows. On SQLite only `integer` makes it the row's own place; elsewhere that type
 * ends at two thousand million.
 */
export const rowNumber = (database: Kysely<never>): 'integer' | 'bigint' =>
  database.getExecutor().adapter instanceof SqliteAdapter ? 'integer' : 'bigint';
