import {
  ColumnDefinitionNode,
  PostgresDialect,
  PostgresQueryCompiler,
  type DataTypeNode,
  type Dialect,
  type QueryCompiler,
} from 'kysely';
import type { Postgres } from './postgres.ts';

/**
 * Kysely on PostgreSQL. Numbers are numbers: a bigint that none holds exactly is a failure, not a text.
 *
 * Text columns are made with `COLLATE "C"`: lists are read on from the last text of the page before, which must come
 * before or after another one here as everywhere, whatever the language of the database and the version of its server.
 */
export function postgresDialect(postgres: Postgres): Dialect {
  return new DialectInBytes({ pool: postgres });
}

class DialectInBytes extends PostgresDialect {
  override createQueryCompiler(): QueryCompiler {
    return new CompilerInBytes();
  }
}

class CompilerInBytes extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node);
    const { parentNode } = this;
    if (node.dataType === 'text' && parentNode && ColumnDefinitionNode.is(parentNode))
      this.append(' collate "C"');
  }
}
