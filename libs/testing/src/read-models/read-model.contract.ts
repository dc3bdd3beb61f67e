import { auditProjection } from '@sparekey/audit/projection';
import { codec } from '@sparekey/contracts';
import { DIRECTORY, digestContacts, directoryProjection } from '@sparekey/enrollment/projection';
import type { EventStore } from '@sparekey/event-sourcing';
import { Views, Projector, rowSum, tableName, type Generation } from '@sparekey/read-models';
import type { Kysely } from 'kysely';
import { FixedClock } from '../fixed-clock.ts';
import { liveALittle, QUERIES } from './life.ts';
import { sampleDigests, sampleLog } from './sample-log.ts';
import { sqliteReadModels, type ReadModelsUnderTest } from './under-test.ts';

const clock = new FixedClock();
const TABLES = [auditProjection, DIRECTORY].flatMap(({ name, tables }) =>
  tables.map((table) => [name, table] as const),
);

const project = (database: Kysely<never>, store: EventStore, batch?: number) =>
  new Projector({
    database,
    store,
    codec,
    projections: [auditProjection, directoryProjection(sampleDigests)],
    now: () => clock.now(),
    ...(batch !== undefined && { batch }),
  });

const viewsOf = (database: Kysely<never>) => new Views(database, async () => undefined);

type Row = Record<string, unknown>;

/** Every row of what is live, with what is claimed of them. */
async function contentOf(database: Kysely<never>) {
  const generations = await viewsOf(database).generations();
  const live = generations.filter(({ state }) => state === 'live');
  const claimed = live.map(({ name, checksum, events, position }) => ({ name, checksum, events, position }));
  const rows: Record<string, readonly Row[]> = {};
  for (const [name, table] of TABLES) {
    const of = live.find((one) => one.name === name)!;
    rows[`${name}.${table}`] = await rowsOf(database, of, table);
  }
  return { claimed, rows };
}

async function rowsOf(database: Kysely<never>, of: Generation, table: string): Promise<Row[]> {
  const rows: Row[] = await (database as unknown as Kysely<Record<string, Row>>)
    .selectFrom(tableName(of)(table))
    .selectAll()
    .execute();
  const text = (row: Row) => JSON.stringify(Object.values(row));
  return rows.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function checksumOf(name: string, rows: Readonly<Record<string, readonly Row[]>>): string {
  let sum = 0n;
  for (const [projection, table] of TABLES.filter(([of]) => of === name))
    for (const row of rows[`${projection}.${table}`]!)
      sum += rowSum([...(name === DIRECTORY.name ? [table] : []), ...Object.values(row)]);
  return (sum % 2n ** 64n).toString(16).padStart(16, '0');
}

/** What every database for read models must do, with the real projections and the real queries; all run all of it. */
export function readModelContract(adapter: string, open: () => Promise<ReadModelsUnderTest>): void {
  describe(`read models on ${adapter}`, () => {
    let log: EventStore;
    let expected: Awaited<ReturnType<typeof contentOf>>;
    let under: ReadModelsUnderTest;

    beforeAll(async () => {
      log = await sampleLog();
      const reference = await sqliteReadModels();
      const database = reference.write();
      await project(database, log).catchUp();
      expected = await contentOf(database);
      await reference.close();
    });
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.close());

    test.each([1_000, 64, 7])('are those of SQLite, in batches of %d', async (batch) => {
      await project(under.write(), log, batch).catchUp();
      const { claimed, rows } = await contentOf(under.read());
      expect(rows).toEqual(expected.rows);
      expect(claimed).toEqual(expected.claimed);
      for (const { name, checksum } of claimed) expect(checksumOf(name, rows)).toBe(checksum);
      for (const [name, table] of TABLES) expect(rows[`${name}.${table}`]!.length).toBeGreaterThan(3);
    });

    test('are there for nobody before a projector has run', async () => {
      under.write();
      expect(await viewsOf(under.read()).generations()).toEqual([]);
      await expect(viewsOf(under.read()).live(DIRECTORY)).rejects.toThrow('not-ready');
    });

    test('two projectors in turns double nothing, each with batches of its own', async () => {
      const [one, other] = [project(under.write(), log, 64), project(under.write(), log, 50)];
      for (let atEnd = [false]; atEnd.includes(false);) atEnd = [await one.advance(), await other.advance()];
      expect(await contentOf(under.read())).toEqual(expected);
      expect(await viewsOf(under.read()).generations()).toHaveLength(2);
    });

    test('are made anew beside those that are read until then, and take their place', async () => {
      const projector = project(under.write(), log, 100);
      await projector.catchUp();
      const views = viewsOf(under.read());
      const before = await views.live(DIRECTORY);
      await projector.rebuild('directory');
      await projector.advance();
      expect((await views.live(DIRECTORY))('person')).toBe(before('person'));
      await projector.catchUp();
      expect((await views.live(DIRECTORY))('person')).not.toBe(before('person'));
      const byName = async () =>
        (await views.generations()).map(({ name, generation, state }) => [name, generation, state]);
      expect(await byName()).toEqual([
        ['audit', 1, 'live'],
        ['directory', 1, 'retired'],
        ['directory', 2, 'live'],
      ]);
      expect((await contentOf(under.read())).rows).toEqual(expected.rows);
      clock.advance(61);
      await projector.catchUp();
      await projector.catchUp();
      expect(await byName()).toEqual([
        ['audit', 1, 'live'],
        ['directory', 2, 'live'],
      ]);
    });

    test('what another projector has taken is not written twice, nor are its tables missed when they are gone', async () => {
      const [one, other] = [project(under.write(), log, 300), project(under.write(), log, 300)];
      await one.catchUp();
      await other.catchUp();
      await one.rebuild('audit');
      await one.catchUp();
      clock.advance(61);
      await one.catchUp();
      await one.catchUp(); // the first tables are dropped; the other one still stands on them
      await other.catchUp();
      expect((await contentOf(under.read())).rows).toEqual(expected.rows);
    });

    test('what is live stays so when a projector comes late that was about to make its predecessor live', async () => {
      const events = await log.countAfter(undefined);
      const [late, other] = [project(under.write(), log, events), project(under.write(), log)];
      await late.advance(); // a full batch: it has yet to see that it is at the end
      await other.catchUp();
      await other.rebuild('audit');
      await other.catchUp();
      await late.catchUp();
      const generations = await viewsOf(under.read()).generations();
      expect(generations.map(({ name, state }) => [name, state])).toEqual([
        ['audit', 'retired'],
        ['audit', 'live'],
        ['directory', 'live'],
      ]);
    });

    test('count on beyond what fits into 32 bits', async () => {
      const database = under.write();
      const projector = project(database, log, 400);
      await projector.advance();
      const [audit] = await viewsOf(database).generations();
      const entries = database as unknown as Kysely<Record<string, { seq: number }>>;
      await entries
        .updateTable(tableName(audit!)('entry'))
        .set(({ eb }) => ({ seq: eb('seq', '+', 2 ** 32) }))
        .execute();
      await projector.catchUp();
      const [last] = (await rowsOf(under.read(), audit!, 'entry')).toSorted(
        (a, b) => Number(b.seq) - Number(a.seq),
      );
      expect(last!.seq).toBe(2 ** 32 + expected.rows['audit.entry']!.length);
    });

    test('answer questions as SQLite does: pages, filters, cursors, exports', async () => {
      const { world, app, close } = await liveALittle();
      const digest = digestContacts(app.ports.vault, app.ports.blindIndex);
      const projector = new Projector({
        database: under.write(),
        store: world.store,
        codec,
        projections: [auditProjection, directoryProjection(digest)],
        now: () => world.clock.now(),
      });
      await projector.catchUp();
      const other = await world.start((ports) => ({ ...ports, views: viewsOf(under.read()) }));
      for (const query of QUERIES) {
        const answers = await query(app.api, world.operatorToken);
        expect(answers.length).toBeGreaterThan(0);
        expect(await query(other.api, world.operatorToken)).toEqual(answers);
      }
      await close();
    });
  });
}
