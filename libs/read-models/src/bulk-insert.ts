import type { CompiledQuery, DialectAdapter, Kysely } from 'kysely';

/** Rows in one statement: as many as there still are, in steps. */
const CHUNKS = [64, 16, 4, 1];
/** By technology: each writes its own SQL. */
const compiled = new WeakMap<DialectAdapter, Map<string, CompiledQuery>>();

/**
 * Inserts many rows of one shape. Statements for so many rows are compiled once and then given other parameters: compiling costs
 * more than inserting, and a statement more than its rows.
 *
 * @param columns in the order of each row's values
 * @param key a row of the same key is replaced; where absent there is none
 */
export async function bulkInsert(
  database: Kysely<never>,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
  key: readonly string[] = [],
): Promise<void> {
  let from = 0;
  for (const size of CHUNKS) {
    for (; from + size <= rows.length; from += size) {
      const parameters = rows.slice(from, from + size).flat();
      await database.executeQuery({ ...compile(database, table, columns, size, key), parameters });
    }
  }
}

function compile(
  database: Kysely<never>,
  table: string,
  columns: readonly string[],
  size: number,
  key: readonly string[],
): CompiledQuery {
  const { adapter } = database.getExecutor();
  const known = compiled.get(adapter) ?? new Map<string, CompiledQuery>();
  compiled.set(adapter, known);
  const name = `${table} ${columns.join()} ${size} ${key.join()}`;
  let query = known.get(name);
  if (!query) {
    const row = Object.fromEntries(columns.map((column) => [column, 0]));
    const values = Array.from({ length: size }, () => row);
    let insert = (database as unknown as Kysely<Record<string, Record<string, unknown>>>)
      .insertInto(table)
      .values(values);
    if (key.length > 0) {
      const rest = columns.filter((column) => !key.includes(column));
      insert = insert.onConflict((conflict) =>
        conflict
          .columns(key)
          .doUpdateSet((fields) =>
            Object.fromEntries(rest.map((column) => [column, fields.ref(`excluded.${column}`)])),
          ),
      );
    }
    query = insert.compile();
    known.set(name, query);
  }
  return query;
}
