import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SqliteDialect, type SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';

const STATEMENTS = 256;

/** Kysely on Node's own SQLite. Statements are prepared once. */
export function sqliteDialect(database: DatabaseSync): SqliteDialect {
  const statements = new LRUCache<string, SqliteStatement>({ max: STATEMENTS });
  const prepare = (sql: string): SqliteStatement => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = statementOf(database.prepare(sql))));
    return statement;
  };
  return new SqliteDialect({ database: { prepare, close: () => database.close() } });
}

function statementOf(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as never[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
