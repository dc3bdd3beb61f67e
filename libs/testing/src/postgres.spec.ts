import { auditProjection } from '@sparekey/audit/projection';
import { codec } from '@sparekey/contracts';
import { DIRECTORY, directoryProjection } from '@sparekey/enrollment/projection';
import { StoreUnavailable, type EventStore } from '@sparekey/event-sourcing';
import { Views, Projector, tableName } from '@sparekey/read-models';
import {
  connectPostgres,
  migrateKeyRing,
  migrateListeners,
  postgresDialect,
  PostgresKeyRing,
  PostgresListenerState,
  type Postgres,
} from '@sparekey/postgres';
import { VaultUnavailable } from '@sparekey/vault';
import { Kysely, sql } from 'kysely';
import { freePort } from '@sparekey/hosting/fleet';
import { postgresDatabase } from './postgres-database.ts';
import { sampleDigests, sampleLog } from './read-models/sample-log.ts';
import { tlsFront } from './tls-front.ts';

const SERVER = process.env.DATABASE_URL;
const onServer = SERVER ? describe : describe.skip;
const title = SERVER ? 'on a real PostgreSQL' : 'PostgreSQL: not run, DATABASE_URL is not set';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

onServer(title, () => {
  let database: Awaited<ReturnType<typeof postgresDatabase>>;
  let opened: Postgres[];

  beforeEach(async () => {
    opened = [];
    database = await postgresDatabase(SERVER!);
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
    await database.drop();
  });

  const open = () => {
    opened.push(database.connect());
    return opened.at(-1)!;
  };
  const rowsOn = (postgres: Postgres) => new Kysely<never>({ dialect: postgresDialect(postgres) });
  const killOthers = (postgres: Postgres) =>
    postgres.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );

  test('a large number is a number, and one that none holds is a failure', async () => {
    const postgres = open();
    const [row] = await postgres.query<{ n: number }>(`SELECT ${Number.MAX_SAFE_INTEGER}::bigint AS n`);
    expect(row!.n).toBe(Number.MAX_SAFE_INTEGER);
    await expect(postgres.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow('9007199254740993');
    await expect(sql`SELECT -9007199254740993::bigint`.execute(rowsOn(postgres))).rejects.toThrow('exactly');
    expect(await postgres.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('a commit is durable whatever the default of the database', async () => {
    const postgres = open();
    const [{ name }] = (await postgres.query<{ name: string }>('SELECT current_database() AS name')) as [
      { name: string },
    ];
    await postgres.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    expect(await open().query('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('text is ordered by its bytes whatever the language of the database', async () => {
    const rows = rowsOn(open());
    await rows.schema.createTable('word').addColumn('text', 'text').execute();
    await sql`INSERT INTO word VALUES ('b'), ('B'), ('a-c'), ('ab'), ('_')`.execute(rows);
    const ordered = await sql<{ text: string }>`SELECT text FROM word ORDER BY text`.execute(rows);
    expect(ordered.rows.map(({ text }) => text)).toEqual(['B', '_', 'a-c', 'ab', 'b']);
    const other = await sql<{ text: string }>`SELECT text FROM word ORDER BY text COLLATE "default"`.execute(
      rows,
    );
    expect(other.rows).not.toEqual(ordered.rows); // else this test would tell nothing
  });

  test('a connection that breaks fails the call that uses it and nothing else', async () => {
    const [postgres, other] = [open(), open()];
    await postgres.ping();
    await killOthers(other); // while it is idle
    await pause(50);
    await postgres.ping();
    const broken = postgres.transaction(async (query) => {
      await killOthers(other); // between two statements
      await pause(50);
      await query('SELECT 1');
    });
    await expect(broken).rejects.toBeInstanceOf(StoreUnavailable);
    const rows = rowsOn(postgres);
    const alsoBroken = rows.transaction().execute(async (transaction) => {
      await killOthers(other);
      await pause(50);
      await sql`SELECT 1`.execute(transaction);
    });
    await expect(alsoBroken).rejects.toBeInstanceOf(StoreUnavailable);
    await postgres.ping();
    await sql`SELECT 1`.execute(rows);
  });

  test('a transaction that fails leaves nothing, in the database and on the connection', async () => {
    const postgres = connectPostgres(database.url, { applicationName: 'narrow', maxConnections: 1 });
    opened.push(postgres);
    await postgres.query('CREATE TABLE word (text text)');
    const failed = postgres.transaction(async (query) => {
      await query("INSERT INTO word VALUES ('lost')");
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await postgres.query("INSERT INTO word VALUES ('kept')");
    expect(await open().query('SELECT text FROM word')).toEqual([{ text: 'kept' }]);
  });

  test('a statement that takes too long is ended, and the connection is there again', async () => {
    const url = database.url;
    const postgres = connectPostgres(url, { applicationName: 'impatient', statementTimeout: 100 });
    opened.push(postgres);
    await expect(postgres.query('SELECT pg_sleep(5)')).rejects.toBeInstanceOf(StoreUnavailable);
    await postgres.ping();
  });

  test('a wrong statement is a fault of the program and says so', async () => {
    await expect(open().query('SELECT nothing FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
  });

  test('a server that is away is unavailable in the words of each port, and its password is told to nobody', async () => {
    const url = Object.assign(new URL(database.url), { port: String(await freePort()) }).href;
    const postgres = connectPostgres(url, { applicationName: 'early' });
    opened.push(postgres);
    const failures = await Promise.all([
      new PostgresKeyRing(postgres).newest('acme.ada', 'factor').catch((error: Error) => error),
      new PostgresListenerState(postgres).countParked().catch((error: Error) => error),
      sql`SELECT 1`.execute(rowsOn(postgres)).catch((error: Error) => error),
      migrateKeyRing(postgres).catch((error: Error) => error),
    ]);
    expect(failures.map((failure) => (failure as Error).name)).toEqual([
      'VaultUnavailable',
      'StoreUnavailable',
      'StoreUnavailable',
      'StoreUnavailable',
    ]);
    expect(failures[0]).toBeInstanceOf(VaultUnavailable);
    for (const failure of failures as Error[]) {
      const told = [failure.message, failure.stack, String(failure.cause), (failure.cause as Error).stack];
      expect(told.join()).not.toContain(new URL(url).password);
    }
  });

  test('a server is told nothing until it has shown that it is the one', async () => {
    const own = new URL(database.url);
    const server = { hostname: own.hostname, port: Number(own.port || 5432) };
    const front = await tlsFront('localhost', server, 'ask');
    const ping = async (host: string, port: string, parameters: Record<string, string>) => {
      const url = Object.assign(new URL(own), { host: `${host}:${port}` });
      for (const [name, value] of Object.entries({ sslmode: 'verify-full', ...parameters }))
        url.searchParams.set(name, value);
      opened.push(connectPostgres(url.href, { applicationName: 'careful' }));
      const failed = await opened
        .at(-1)!
        .ping()
        .catch((error: Error) => String(error.cause));
      return failed ?? 'served';
    };
    const trusted = { sslrootcert: front.caFile };
    const port = String(front.port);
    expect(await ping('localhost', port, trusted)).toBe('served');
    expect(await ping('localhost', port, {})).toMatch(/self-signed certificate/);
    expect(await ping('127.0.0.1', port, trusted)).toMatch(/does not match|not in the cert/);
    expect(await ping('localhost', own.port || '5432', trusted)).toMatch(/does not support SSL/);
    await front.close();
  });

  test('processes that start at once make the tables once', async () => {
    const all = Array.from({ length: 6 }, open);
    await Promise.all(all.flatMap((postgres) => [migrateKeyRing(postgres), migrateListeners(postgres)]));
    await migrateKeyRing(all[0]!);
    expect(await all[0]!.query('SELECT name FROM key_ring_migration')).toHaveLength(1);
  });

  test('no key stays of somebody who is shredded while it is added', async () => {
    const [one, other] = [open(), open()];
    await migrateKeyRing(one);
    const [adding, shredding] = [new PostgresKeyRing(one), new PostgresKeyRing(other)];
    const row = {
      class: 'factor',
      generation: 1,
      wrapped: new Uint8Array(62),
      shreddedAt: undefined,
    } as const;
    const subjects = Array.from({ length: 300 }, (_, n) => `acme.user-${n}`);
    for (const subject of subjects)
      await Promise.all([adding.insertIfAbsent({ ...row, subject }), shredding.shred(subject, 1_000)]);
    expect(await one.query('SELECT subject FROM ring WHERE wrapped IS NOT NULL')).toEqual([]);
    expect(await one.query('SELECT subject FROM ring')).toHaveLength(subjects.length);
  });

  test('projectors that start and work at once make one set of rows, once', async () => {
    const log = await sampleLog();
    const claimed = async (projectors: number) => {
      const fresh = await postgresDatabase(SERVER!);
      const connections = Array.from({ length: projectors }, () => fresh.connect());
      try {
        const rows = connections.map(rowsOn);
        await Promise.all(rows.map((one, n) => projectorOf(one, log, 40 + n).catchUp()));
        const generations = await new Views(rows[0]!, async () => undefined).generations();
        const counts: unknown[] = [];
        for (const one of generations) {
          const { tables } = one.name === DIRECTORY.name ? DIRECTORY : auditProjection;
          for (const table of tables.map(tableName(one)))
            counts.push(...(await connections[0]!.query(`SELECT count(*) AS n FROM "${table}"`)));
        }
        return { generations: generations.map(({ since: _since, ...rest }) => rest), counts };
      } finally {
        for (const connection of connections) await connection.close();
        await fresh.drop();
      }
    };
    const alone = await claimed(1);
    expect(alone.generations.map(({ state }) => state)).toEqual(['live', 'live']);
    for (let round = 0; round < 5; round++) expect(await claimed(4)).toEqual(alone);
  });
});

const projectorOf = (database: Kysely<never>, store: EventStore, batch: number) =>
  new Projector({
    database,
    store,
    codec,
    projections: [auditProjection, directoryProjection(sampleDigests)],
    now: () => 0,
    batch,
  });
