import type { Kysely } from 'kysely';
import { isTaken } from './failures.ts';
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

/** Several processes may do so at once: of those some are told, in one way or another, that the table is there. */
export async function createGenerations(database: Kysely<GenerationsTable>): Promise<void> {
  try {
    await createTable(database);
  } catch (error) {
    await readGenerations(database).catch(() => {
      throw error;
    });
  }
}

async function createTable(database: Kysely<GenerationsTable>): Promise<void> {
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

/**
 * Tables for a new generation, empty, at the beginning of the log. Where another process has begun the one of this number,
 * that one stands.
 */
export async function beginGeneration(
  database: Kysely<GenerationsTable>,
  projection: Projection,
  generation: number,
  now: number,
): Promise<void> {
  const { name, version } = projection;
  const begun: Generation = {
    name,
    version,
    generation,
    state: 'building',
    position: null,
    checksum: '0'.repeat(16),
    events: 0,
    since: now,
  };
  try {
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto('projection').values(begun).execute();
      await projection.create(transaction as unknown as Kysely<never>, tableName(begun));
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
}

/** The number of the generation that comes next. */
export const nextGeneration = (known: readonly Generation[], name: string): number =>
  1 + Math.max(0, ...known.filter((one) => one.name === name).map(({ generation }) => generation));

/** It has caught up: it takes the place of what was read before, which is kept for those who read it just now. */
export async function goLive(
  database: Kysely<GenerationsTable>,
  { name, generation }: Generation,
  now: number,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('projection')
      .set({ state: 'live', since: now })
      .where('name', '=', name)
      .where('generation', '=', generation)
      .where('state', '=', 'building')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return; // another projector has done so, or a later one is live
    await transaction
      .updateTable('projection')
      .set({ state: 'retired', since: now })
      .where('name', '=', name)
      .where('generation', '<', generation)
      .where('state', '!=', 'retired')
      .execute();
  });
}

/** First the row, then its tables: the order in which a projector that advances it takes them. */
export async function dropGeneration(
  database: Kysely<GenerationsTable>,
  projection: Pick<Projection, 'tables'>,
  old: Generation,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('projection')
      .where('name', '=', old.name)
      .where('generation', '=', old.generation)
      .execute();
    for (const table of projection.tables) {
      await transaction.schema.dropTable(tableName(old)(table)).ifExists().execute();
    }
  });
}
