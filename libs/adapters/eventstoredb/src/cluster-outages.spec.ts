import { setTimeout as sleep } from 'node:timers/promises';
import { readOn, StoreUnavailable, type ExpectedRevision } from '@sparekey/event-sourcing';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbCluster } from '@sparekey/testing/services';
import { connectEventStoreDb, EventStoreDbEventStore } from './index.ts';

/*
 * Three nodes, of which one leads, under load from eight writers and one who follows the log with a client of its own. Nothing is
 * lost, doubled or put in another order; appends are acknowledged again soon after the cluster can; no promise is left
 * rejected, and no connection or stream open. All outages at once, each on a cluster of its own.
 */

const WRITERS = 8;
/** The clients of one process share a connection to each node; a subscription stays with the node that it has. */
const NODES = 3;
const PAUSE_MS = 20;
const ABLE_AGAIN_MS = 6_000;
const SETTLED_MS = 5_000;
const PATIENCE = 120_000;

const rejections: unknown[] = [];
const note = (error: unknown) => rejections.push(error);
beforeAll(() => process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});

/** One writer on a stream of its own: what has no answer is sent again, the same, until it has one. */
class Writer {
  readonly acknowledged: string[] = [];
  lastAt = 0;
  readonly #store: EventStoreDbEventStore;
  readonly stream: string;

  constructor(store: EventStoreDbEventStore, stream: string) {
    this.#store = store;
    this.stream = stream;
  }

  async writeUntil(isOver: () => boolean): Promise<void> {
    for (let expected: ExpectedRevision = 'no-stream'; !isOver(); await sleep(PAUSE_MS)) {
      const event = sampleEvent();
      expected = await this.#persist(expected, event);
      this.acknowledged.push(event.id);
      this.lastAt = performance.now();
    }
  }

  async #persist(expected: ExpectedRevision, event: ReturnType<typeof sampleEvent>): Promise<number> {
    for (;;) {
      try {
        return await this.#store.append(this.stream, expected, [event]);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}

/** Follows the log from its beginning. */
async function follow(store: EventStoreDbEventStore, isOver: () => boolean): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>();
  let position: string | undefined;
  while (!isOver()) {
    const next = await readOn(store, position, 500).catch(() => undefined); // it is away: again
    for (const { stream, id } of next?.events ?? []) seen.set(stream, [...(seen.get(stream) ?? []), id]);
    position = next?.upTo ?? position;
    await sleep(PAUSE_MS);
  }
  return seen;
}

const open = (cluster: EventStoreDbCluster) => {
  const client = connectEventStoreDb(cluster.url, false);
  const store = new EventStoreDbEventStore({ client, prefixes: ['sample-'], onTrouble: () => undefined });
  return { store, client: client as unknown as { readonly disposableStreams: ReadonlySet<unknown> } };
};

/** @param outage ends where the cluster is whole again */
async function survive(outage: (cluster: EventStoreDbCluster, waits: () => Promise<void>) => Promise<void>) {
  const temporary = temporaryDirectory();
  const cluster = await EventStoreDbCluster.start(temporary.path);
  const [writing, reading] = [open(cluster), open(cluster)];
  const forget = reading.store.onAppended(() => undefined); // it subscribes
  const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(writing.store, `sample-${n}`));
  let [isOver, isRead] = [false, false];
  const written = Promise.all(writers.map((writer) => writer.writeUntil(() => isOver)));
  const following = follow(reading.store, () => isRead);
  await sleep(1_000);
  const streamsBefore = writing.client.disposableStreams.size;

  const slowest: number[] = [];
  const waits = async () => {
    await cluster.able();
    const able = performance.now();
    while (!writers.every(({ lastAt }) => lastAt > able)) await sleep(PAUSE_MS);
    slowest.push(Math.round(performance.now() - able));
  };
  await outage(cluster, waits);
  await sleep(SETTLED_MS);
  const after = { connections: cluster.connections, streams: writing.client.disposableStreams.size };
  isOver = true;
  await written;
  await sleep(1_000);
  isRead = true;
  const seen = await following;
  for (const { stream, acknowledged } of writers) {
    const stored: string[] = [];
    for (let page = [{ id: '' }] as readonly { id: string }[]; page.length > 0;) {
      page = await writing.store.read(stream, { from: stored.length });
      stored.push(...page.map(({ id }) => id));
    }
    expect(stored).toEqual(acknowledged);
    expect(seen.get(stream)).toEqual(acknowledged);
  }
  forget();
  await Promise.all([writing.store.close(), reading.store.close()]);
  await cluster.close();
  temporary.remove();
  expect(Math.max(...slowest)).toBeLessThan(ABLE_AGAIN_MS);
  expect(after.connections).toBeLessThanOrEqual(NODES);
  expect(after.streams).toBeLessThanOrEqual(streamsBefore + WRITERS); // and what they are about
}

test.concurrent(
  'a leader that is killed, and comes back',
  () =>
    survive(async (cluster, waits) => {
      const leader = cluster.leader!;
      await cluster.kill(leader);
      await waits();
      await cluster.revive(leader);
      await sleep(1_000);
    }),
  PATIENCE,
);

test.concurrent(
  'a leader that resigns, three times',
  () =>
    survive(async (cluster, waits) => {
      for (let n = 0; n < 3; n++) {
        cluster.resign();
        await waits();
        await sleep(1_000);
      }
    }),
  PATIENCE,
);

test.concurrent(
  'followers that are killed one after the other, until there is no quorum',
  () =>
    survive(async (cluster, waits) => {
      const [one, other] = cluster.followers;
      await cluster.kill(one!);
      await sleep(1_000);
      await cluster.kill(other!);
      await sleep(3_000);
      await cluster.revive(one!);
      await waits();
      await cluster.revive(other!);
      await sleep(1_000);
    }),
  PATIENCE,
);

test.concurrent.each([10_000, 35_000])(
  'a leader that stands still for %d ms',
  (ms) =>
    survive(async (cluster, waits) => {
      const leader = cluster.leader!;
      cluster.freeze(leader);
      const thaws = sleep(ms).then(() => cluster.thaw(leader));
      await waits();
      await thaws;
      await sleep(1_000);
    }),
  PATIENCE,
);

test.concurrent(
  'a follower that stands still',
  () =>
    survive(async (cluster, waits) => {
      const [follower] = cluster.followers;
      cluster.freeze(follower!);
      await sleep(10_000);
      await waits();
      cluster.thaw(follower!);
      await sleep(1_000);
    }),
  PATIENCE,
);
