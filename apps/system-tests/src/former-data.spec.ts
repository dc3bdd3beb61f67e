import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codec, codesFold, domainFold, ledgerFold, sessionsFold, userFold } from '@sparekey/contracts';
import type { EventStore, Fold, StoredEvent } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { DataDirectory } from '@sparekey/sqlite';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';

/*
 * A log that an earlier version wrote, on SQLite and copied into EventStoreDB (the stand-in): it says the same on both.
 */
const FIXTURE = fileURLToPath(new URL('./fixtures/before-the-seam', import.meta.url));
const FOLDS: Readonly<Record<string, Fold<unknown>>> = {
  domain: domainFold,
  factors: userFold,
  codes: codesFold,
  verification: ledgerFold,
  account: sessionsFold,
};

const [data, other] = [temporaryDirectory(), temporaryDirectory()];
let directory: DataDirectory;
let sqlite: EventStore;
let standIn: EventStoreDbStandIn;
let eventStoreDb: EventStoreDbEventStore;
const all: StoredEvent[] = [];

beforeAll(async () => {
  cpSync(FIXTURE, data.path, { recursive: true });
  for (const file of readdirSync(data.path)) chmodSync(`${data.path}/${file}`, 0o600);
  directory = new DataDirectory(data.path);
  sqlite = directory.openEventStore();
  standIn = await EventStoreDbStandIn.start({ directory: other.path });
  eventStoreDb = new EventStoreDbEventStore({
    client: connectEventStoreDb(standIn.url, false),
    prefixes: Object.keys(FOLDS).map((name) => `${name}-`),
    onTrouble: () => undefined,
  });
  all.push(...(await sqlite.readAll(undefined, 10_000)));
  for (const { stream, revision, position: _, ...record } of all)
    await eventStoreDb.append(stream, revision === 0 ? 'no-stream' : revision - 1, [record]);
});
afterAll(async () => {
  await eventStoreDb.close();
  await standIn.stop();
  await directory.close();
  for (const { remove } of [data, other]) remove();
});

const streamsOf = (name: string) => [
  ...new Set(all.map(({ stream }) => stream).filter((stream) => stream.startsWith(`${name}-`))),
];

test.each(Object.entries(FOLDS))('%s is the same on both', async (name, fold) => {
  const streams = streamsOf(name);
  expect(streams.length).toBeGreaterThan(0);
  for (const stream of streams) {
    const [one, two] = [sqlite, eventStoreDb].map((store) => new FoldCache(store, codec, fold));
    expect(await two!.load(stream)).toEqual(await one!.load(stream));
  }
});

test('what was used up is known by its holder, also from a summary of the former shape', async () => {
  const former = all.filter(({ type, version }) => type === 'VerificationSummary' && version === 1);
  expect(former.length).toBeGreaterThan(0);
  const cache = new FoldCache(eventStoreDb, codec, ledgerFold);
  const [ada, bob] = ['ada', 'bob'].map((user) => `verification-acme.${user}`);
  const { state } = await cache.load(ada!);
  const used = Object.values(state.consumed);
  expect(used).toContainEqual({ through: expect.any(Number) });
  expect(used).toContainEqual({ items: [7, 3] });
  expect(Object.values((await cache.load(bob!)).state.consumed)).toEqual([{ items: [1] }]);
});
