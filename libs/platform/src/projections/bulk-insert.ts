import { CompiledQuery, type Kysely } from 'kysely';

const CHUNK = 64;
const compiled = new Map<string, CompiledQuery>();

/**
 * Inserts many rows of one shape. A statement for 64 rows and one for a single row are compiled once and then given other
 * parameters: compiling costs more than inserting.
 *
 * @param columns in the order of each row's values
 */
export async function bulkInsert(
  database: Kysely<never>,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  let from = 0;
  for (; from + CHUNK <= rows.length; from += CHUNK) {
    const parameters = rows.slice(from, from + CHUNK).flat();
    await database.executeQuery({ ...compile(database, table, columns, CHUNK), parameters });
  }
  for (const parameters of rows.slice(from)) {
    await database.executeQuery({ ...compile(database, table, columns, 1), parameters });
  }
}

function compile(
  database: Kysely<never>,
  table: string,
  columns: readonly string[],
  size: number,
): CompiledQuery {
  const key = `${table} ${columns.join()} ${size}`;
  let query = compiled.get(key);
  if (!query) {
    const row = Object.fromEntries(columns.map((column) => [column, 0]));
    const values = Array.from({ length: size }, () => row);
    query = (database as unknown as Kysely<Record<string, never>>).insertInto(table).values(values).compile();
    compiled.set(key, query);
  }
  return query;
}
