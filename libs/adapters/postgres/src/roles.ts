import type { SealClass } from '@sparekey/vault';
import { migrateKeyRing, migrateListeners } from './migrations.ts';
import type { Postgres, Query } from './postgres.ts';

/** As whom one service connects, and what it may do. */
export interface ServiceRole {
  readonly name: string;
  readonly password: string;
  /** Whose keys of the ring it sees and adds to; it takes none away. */
  readonly opens: readonly SealClass[];
  /** Read models whose tables it makes and fills. */
  readonly readModels: readonly string[];
}

const ROLE = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Makes the tables that services share, as their owner, and a role for each service that may do what the service does and no
 * more: with its classes of keys alone, and with no right to change or delete a key. It may be run again at any time, and
 * before every start of a newer version.
 *
 * @param views the database of read models, as its owner · @param keys the key ring's, likewise
 * @param shared makes what further tables services share
 * @throws StoreUnavailable
 */
export async function prepareRoles(
  views: Postgres,
  keys: Postgres,
  roles: readonly ServiceRole[],
  shared: () => Promise<void>,
): Promise<void> {
  await migrateListeners(views);
  await migrateKeyRing(keys);
  await shared();
  await views.transaction(async (query) => {
    await closeToOthers(query);
    for (const role of roles) {
      await makeRole(query, role);
      await grantViews(query, role);
    }
  });
  await keys.transaction(async (query) => {
    await closeToOthers(query);
    await query('ALTER TABLE ring ENABLE ROW LEVEL SECURITY');
    for (const role of roles) await grantKeys(query, role);
  });
}

async function closeToOthers(query: Query): Promise<void> {
  await query(`REVOKE ALL ON DATABASE "${await databaseOf(query)}" FROM PUBLIC`);
  await query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
}

const databaseOf = async (query: Query): Promise<string> =>
  (await query<{ name: string }>('SELECT current_database() AS name'))[0]!.name;

async function makeRole(query: Query, { name, password }: ServiceRole): Promise<void> {
  if (!ROLE.test(name)) throw new TypeError(`no name of a role: ${name}`);
  const known = await query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  if (known.length === 0) await query(`CREATE ROLE "${name}"`);
  const [statement] = await query<{ text: string }>(
    `SELECT format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L', $1::text, $2::text) AS text`,
    [name, password],
  );
  await query(statement!.text);
}

/** Cursors, parked events and the state of read models are shared; the tables of a read model are its service's own. */
async function grantViews(query: Query, { name, readModels }: ServiceRole): Promise<void> {
  await query(`GRANT CONNECT ON DATABASE "${await databaseOf(query)}" TO "${name}"`);
  await query(`GRANT SELECT, INSERT, UPDATE, DELETE ON cursor, parked, projection TO "${name}"`);
  await query(`GRANT SELECT ON listeners_migration, listeners_migration_lock TO "${name}"`);
  if (readModels.length > 0) await query(`GRANT CREATE ON SCHEMA public TO "${name}"`);
  for (const readModel of readModels) {
    const tables = await query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE $1 AND tableowner <> $2`,
      [`${readModel}\\_%`, name],
    );
    for (const table of tables) await query(`ALTER TABLE "${table.name}" OWNER TO "${name}"`);
  }
}

async function grantKeys(query: Query, { name, opens }: ServiceRole): Promise<void> {
  const classes = opens.map((one) => `'${one}'`).join(', ');
  await query(`GRANT CONNECT ON DATABASE "${await databaseOf(query)}" TO "${name}"`);
  await query(`GRANT SELECT, INSERT ON ring, secret TO "${name}"`);
  await query(`GRANT SELECT ON shredded, key_ring_migration, key_ring_migration_lock TO "${name}"`);
  await query(`DROP POLICY IF EXISTS "${name}" ON ring`);
  await query(
    `CREATE POLICY "${name}" ON ring TO "${name}" USING (class IN (${classes})) WITH CHECK (class IN (${classes}))`,
  );
}
