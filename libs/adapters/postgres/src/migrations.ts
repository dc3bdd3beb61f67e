import { Kysely, sql } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { postgresDialect } from './kysely-dialect.ts';
import type { Postgres } from './postgres.ts';

type Migrations = Readonly<Record<string, Migration>>;

/** Never changed once they have run anywhere: another one is added. */
const KEY_RING: Migrations = {
  '0001-ring': {
    async up(database) {
      await database.schema
        .createTable('ring')
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('class', 'text', (column) => column.notNull())
        .addColumn('generation', 'integer', (column) => column.notNull())
        .addColumn('wrapped', 'bytea')
        .addColumn('shredded_at', 'bigint')
        .addPrimaryKeyConstraint('ring_key', ['subject', 'class', 'generation'])
        .execute();
      await database.schema
        .createTable('shredded')
        .addColumn('subject', 'text', (column) => column.primaryKey())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('secret')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('sealed', 'text', (column) => column.notNull())
        .execute();
      // a shredded key leaves a dead row: vacuumed at the next round of the server, not after a fifth of the table
      await sql`ALTER TABLE ring SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)`.execute(
        database,
      );
    },
  },
};

const LISTENERS: Migrations = {
  '0001-listeners': {
    async up(database) {
      await database.schema
        .createTable('cursor')
        .addColumn('room', 'text', (column) => column.primaryKey())
        .addColumn('position', 'text', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('parked')
        .addColumn('number', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
        .addColumn('room', 'text', (column) => column.notNull())
        .addColumn('event_id', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('stream', 'text', (column) => column.notNull())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .addColumn('position', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('cause', 'text', (column) => column.notNull())
        .addColumn('parked_at', 'bigint', (column) => column.notNull())
        .addUniqueConstraint('parked_once', ['room', 'event_id'])
        .execute();
    },
  },
};

/** Makes or mends the tables of `PostgresKeyRing`. Several processes may do so at once. @throws StoreUnavailable */
export const migrateKeyRing = (postgres: Postgres): Promise<void> => migrate(postgres, 'key_ring', KEY_RING);

/** Makes or mends the tables of `PostgresListenerState`. Several processes may do so at once. @throws StoreUnavailable */
export const migrateListeners = (postgres: Postgres): Promise<void> =>
  migrate(postgres, 'listeners', LISTENERS);

async function migrate(postgres: Postgres, name: string, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db: new Kysely({ dialect: postgresDialect(postgres) }), // not destroyed: it would take the connections along
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: `${name}_migration`,
    migrationLockTableName: `${name}_migration_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}
