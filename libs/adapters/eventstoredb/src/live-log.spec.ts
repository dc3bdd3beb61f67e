import { setTimeout as sleep } from 'node:timers/promises';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';
import { connectEventStoreDb, EventStoreDbEventStore } from './index.ts';

/* Who reads nothing while much is appended has no subscription, and begins anew with the next read. */

const RESTS_AFTER = 20;
const RECENT = 8;
const temporary = temporaryDirectory();
let standIn: EventStoreDbStandIn;
const opened: EventStoreDbEventStore[] = [];
const troubles: string[] = [];

beforeAll(async () => {
  standIn = await EventStoreDbStandIn.start({ directory: temporary.path });
});
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));
afterAll(async () => {
  await standIn.stop();
  temporary.remove();
  expect(troubles).toEqual([]);
});

function open() {
  const client = connectEventStoreDb(standIn.url, false);
  const store = new EventStoreDbEventStore({
    client,
    prefixes: ['sample-'],
    restsAfter: RESTS_AFTER,
    recent: RECENT,
    onTrouble: (cause) => troubles.push(cause),
  });
  opened.push(store);
  const { disposableStreams } = client as unknown as { readonly disposableStreams: ReadonlySet<unknown> };
  return { store, subscriptions: () => disposableStreams.size };
}

async function until(isSo: () => boolean): Promise<void> {
  const since = performance.now();
  while (!isSo()) {
    if (performance.now() - since > 5_000) throw new Error('it never came to that');
    await sleep(5);
  }
}

let others = 0;
/** Somebody else appends so much. */
async function append(store: EventStoreDbEventStore, count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await store.append(`sample-other-${others++}`, 'no-stream', [sampleEvent()]);
}

test('rests where much is appended and nobody reads, and knows then what was appended', async () => {
  const [{ store, subscriptions }, other] = [open(), open()];
  const stream = 'sample-rests';
  await other.store.append(stream, 'no-stream', [sampleEvent()]);
  await store.read(stream); // learned
  await until(() => subscriptions() === 1);
  for (let n = 1; n <= 3; n++) {
    await append(other.store, 2 * RESTS_AFTER);
    await until(() => subscriptions() === 0);
    const appended = sampleEvent();
    await other.store.append(stream, n - 1, [appended]);
    expect((await store.read(stream, { from: n })).map(({ id }) => id)).toEqual([appended.id]);
    await until(() => subscriptions() === 1);
    const heard = sampleEvent();
    await other.store.append(`sample-heard-${n}`, 'no-stream', [heard]);
    expect((await store.read(`sample-heard-${n}`)).map(({ id }) => id)).toEqual([heard.id]);
  }
});

test('does not rest where somebody reads now and then, follows the log, or nothing happens', async () => {
  const [reading, following, idle, other] = [open(), open(), open(), open()];
  const forget = following.store.onAppended(() => undefined);
  await idle.store.read('sample-read');
  await append(other.store, RESTS_AFTER / 4);
  for (let n = 0; n < 8; n++) {
    await reading.store.read('sample-read');
    await append(other.store, RESTS_AFTER / 4);
    await until(() => reading.subscriptions() === 1 && following.subscriptions() === 1);
    if (n === 0) {
      await sleep(500);
      expect(idle.subscriptions()).toBe(1);
    }
  }
  await until(() => idle.subscriptions() === 0);
  forget();
  await append(other.store, 2 * RESTS_AFTER);
  await until(() => following.subscriptions() === 0);
});

test('closes while it rests, and while it begins', async () => {
  const [{ store, subscriptions }, other] = [open(), open()];
  await store.read('sample-closes');
  await until(() => subscriptions() === 1);
  await append(other.store, 2 * RESTS_AFTER);
  await until(() => subscriptions() === 0);
  await store.close();
  const beginning = open();
  await beginning.store.read('sample-closes');
  await beginning.store.close();
  await other.store.close();
  opened.splice(0);
});

test('tells who follows when it has begun: what was appended just before is brought to nobody', async () => {
  const { store } = open();
  let told = 0;
  const forget = store.onAppended(() => told++, ['NobodyAppendsThis']);
  await until(() => told === 1);
  forget();
});

test('keeps the newest events at hand without a gap, and says nothing of older ones', async () => {
  const [{ store }, other] = [open(), open()];
  const began = await other.store.end();
  let told = 0;
  const forget = store.onAppended(() => told++);
  await until(() => told > 0); // it has begun
  await append(other.store, 5 * RECENT);
  const all = await other.store.readAll(began, 5 * RECENT);
  await until(() => store.atHand(all.at(-1)!.position, 1) !== undefined);
  const atHand = all.map(({ position }) => store.atHand(position, 5 * RECENT)?.events);
  const oldest = atHand.findIndex((events) => events !== undefined);
  expect(oldest).toBeGreaterThanOrEqual(all.length - 1 - 2 * RECENT);
  expect(oldest).toBeLessThanOrEqual(all.length - 1 - RECENT);
  for (const [n, events] of atHand.entries())
    expect(events).toEqual(n < oldest ? undefined : all.slice(n + 1));
  forget();
});

test('has nothing at hand behind a place at which no event stands: of a restored log what came before it would be missing', async () => {
  const [{ store }, other] = [open(), open()];
  let told = 0;
  const forget = store.onAppended(() => told++);
  await until(() => told > 0); // it has begun
  await append(other.store, 2);
  const [place, last] = (await other.store.readAll(undefined, 10_000))
    .slice(-2)
    .map(({ position }) => position!);
  await until(() => store.atHand(last, 1) !== undefined);
  expect(store.atHand(place, 1)?.events).toHaveLength(1);
  const between = Number(place!.split('/')[0]) + 1;
  expect(store.atHand(`${between}/${between}`, 1)).toBeUndefined();
  forget();
});
