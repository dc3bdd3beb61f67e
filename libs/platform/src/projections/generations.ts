import type { Kysely } from 'kysely';
import type { Projection, TableName } from './projection.ts';

/** One set of a projection's tables, and how far it has come. */
export interface Generation {
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  /** `building` until it has caught up for the first time, then `live` until another takes its place. */
  readonly state: 'building' | 'live' | 'retired';
  /** Up to where in the log its rows follow. */
  readonly position: string | null;
  readonly checksum: string;
  /** Events that it has looked at. */
  readonly events: number;
  /** Unix milliseconds: when its state became what it is. */
  readonly since: number;
}

export interface GenerationsTable {
  projection: Generation;
}

export const tableName =
  ({ name, generation }: Pick<Generation, 'name' | 'generation'>): TableName =>
  (table) =>
    `${name}_${table}_${generation}`;

export async function createGenerations(database: Kysely<GenerationsTable>): Promise<void> {
  await database.schema
    .createTable('projection')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('position', 'text')
    .addColumn('checksum', 'text', (column) => column.notNull())
    .addColumn('events', 'bigint', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('projection_key', ['name', 'generation'])
    .execute();
}

export const readGenerations = (database: Kysely<GenerationsTable>): Promise<Generation[]> =>
  database.selectFrom('projection').selectAll().orderBy('name').orderBy('generation').execute();

/** Tables for a new generation, empty, at the beginning of the log. */
export async function beginGeneration(
  database: Kysely<GenerationsTable>,
  projection: Projection,
  now: number,
): Promise<Generation> {
  const { name, version } = projection;
  const { last } = await database
    .selectFrom('projection')
    .select(({ fn }) => fn.max('generation').as('last'))
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  const begun: Generation = {
    name,
    version,
    generation: ((last as number | null) ?? 0) + 1,
    state: 'building',
    position: null,
    checksum: '0'.repeat(16),
    events: 0,
    since: now,
  };
  await database.transaction().execute(async (transaction) => {
    await projection.create(transaction as unknown as Kysely<never>, tableName(begun));
    await transaction.insertInto('projection').values(begun).execute();
  });
  return begun;
}

/** It has caught up: it takes the place of what was read before, which is kept for those who read it just now. */
export async function goLive(
  database: Kysely<GenerationsTable>,
  { name, generation }: Generation,
  now: number,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('projection')
      .set({ state: 'retired', since: now })
      .where('name', '=', name)
      .where('state', '=', 'live')
      .execute();
    await transaction
      .updateTable('projection')
      .set({ state: 'live', since: now })
      .where('name', '=', name)
      .where('generation', '=', generation)
      .execute();
  });
}

export async function dropGeneration(
  database: Kysely<GenerationsTable>,
  projection: Pick<Projection, 'tables'>,
  old: Generation,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    for (const table of projection.tables) {
      await transaction.schema.dropTable(tableName(old)(table)).ifExists().execute();
    }
    await transaction
      .deleteFrom('projection')
      .where('name', '=', old.name)
      .where('generation', '=', old.generation)
      .execute();
  });
}
