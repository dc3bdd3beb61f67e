import { randomBytes } from 'node:crypto';
import { prepareDatabases } from '@sparekey/hosting/services';
import {
  connectPostgres,
  migrateKeyRing,
  migrateListeners,
  PostgresKeyRing,
  PostgresListenerState,
  type Postgres,
} from '@sparekey/postgres';
import { postgresDatabase } from './postgres-database.ts';

const SERVER = process.env.DATABASE_URL;
const onServer = SERVER ? describe : describe.skip;

onServer(SERVER ? 'a service in PostgreSQL' : 'roles: not run, DATABASE_URL is not set', () => {
  const name = `r${randomBytes(6).toString('hex')}`;
  const password = randomBytes(16).toString('hex');
  let views: Awaited<ReturnType<typeof postgresDatabase>>;
  let keys: Awaited<ReturnType<typeof postgresDatabase>>;
  const opened: Postgres[] = [];
  const role = { name, password, opens: ['contact', 'factor'] as const, readModels: ['directory'] };
  const prepare = () =>
    prepareDatabases({ databaseUrl: views.url, keyRingUrl: keys.url, allowPlaintext: false }, [
      role,
      { ...role, name: `${name}_other`, readModels: [] },
    ]);
  const as = (user: string, url: string) => {
    const own = Object.assign(new URL(url), { username: user, password });
    opened.push(connectPostgres(own.href, { applicationName: 'sparekey-test', maxConnections: 2 }));
    return opened.at(-1)!;
  };
  const row = (sealClass: 'contact' | 'codes') => ({
    subject: 'acme.ada',
    class: sealClass,
    generation: 1,
    wrapped: randomBytes(8),
    shreddedAt: undefined,
  });

  beforeAll(async () => {
    [views, keys] = await Promise.all([postgresDatabase(SERVER!), postgresDatabase(SERVER!)]);
    await prepare();
    await prepare(); // as before every start
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
    for (const one of [views, keys]) await one.drop();
    const admin = connectPostgres(SERVER!, { applicationName: 'sparekey-test', maxConnections: 1 });
    for (const one of [name, `${name}_other`]) await admin.query(`DROP ROLE ${one}`);
    await admin.close();
  });

  test('starts as it does with all rights', async () => {
    await migrateListeners(as(name, views.url));
    await migrateKeyRing(as(name, keys.url));
  });

  test('adds and sees keys of its own classes, and no others', async () => {
    const own = as(name, keys.url);
    const ring = new PostgresKeyRing(own);
    const owners = new PostgresKeyRing(keys.connect());
    await ring.insertIfAbsent(row('contact'));
    await owners.insertIfAbsent(row('codes'));
    expect(await ring.newest('acme.ada', 'contact')).toBeDefined();
    expect(await ring.newest('acme.ada', 'codes')).toBeUndefined();
    await expect(ring.insertIfAbsent({ ...row('codes'), subject: 'acme.eve' })).rejects.toThrow('row-level');
    expect(await owners.newest('acme.ada', 'codes')).toBeDefined();
  });

  test.each([
    'DELETE FROM ring',
    'UPDATE ring SET wrapped = NULL',
    'TRUNCATE ring',
    "DELETE FROM secret WHERE name = 'signing'",
    "UPDATE secret SET sealed = ''",
    'DELETE FROM shredded',
    'DROP TABLE ring',
    'ALTER TABLE ring DISABLE ROW LEVEL SECURITY',
    'CREATE TABLE mine (n int)',
  ])('may not: %s', async (statement) => {
    await expect(as(name, keys.url).query(statement)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('keeps its place and what it parked', async () => {
    const state = new PostgresListenerState(as(name, views.url));
    await state.advance('room', '7');
    expect(await state.position('room')).toBe('7');
  });

  test('makes tables where it has a read model, which another service does not see into', async () => {
    await as(name, views.url).query('CREATE TABLE directory_person_1 (id text)');
    const other = as(`${name}_other`, views.url);
    await expect(other.query('SELECT * FROM directory_person_1')).rejects.toThrow('permission denied');
    await expect(other.query('CREATE TABLE mine (id text)')).rejects.toThrow('permission denied');
  });

  test('takes over tables of its read model that the owner made', async () => {
    const owner = views.connect();
    opened.push(owner);
    await owner.query('CREATE TABLE directory_person_2 (id text)');
    await prepare();
    expect(await as(name, views.url).query('SELECT * FROM directory_person_2')).toEqual([]);
  });
});
