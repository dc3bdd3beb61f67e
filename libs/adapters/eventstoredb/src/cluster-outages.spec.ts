import { cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbCluster } from '@sparekey/testing/services';
import { follow, idsOf, open, PAUSE_MS, Writer } from './testing/outage-kit.ts';

/*
 * Three nodes, of which one leads, under load from eight writers and one who follows the log with a client of its own. Nothing is
 * lost, doubled or put in another order; appends are acknowledged again soon after the cluster can; no promise is left
 * rejected (Jest fails the test in which that happens), and no connection or stream open. All outages at once, each on a cluster of its own.
 */

const WRITERS = 8;
/** The clients of one process share a connection to each node; a subscription stays with the node that it has. */
const NODES = 3;
const ABLE_AGAIN_MS = 6_000;
const SETTLED_MS = 5_000;
const PATIENCE = 120_000;

/** @param outage ends where the cluster is whole again */
async function survive(outage: (cluster: EventStoreDbCluster, waits: () => Promise<void>) => Promise<void>) {
  const temporary = temporaryDirectory();
  const cluster = await EventStoreDbCluster.start(temporary.path);
  const [writing, reading] = [open(cluster.url), open(cluster.url)];
  const forget = reading.store.onAppended(() => undefined); // it subscribes
  const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(writing.store, `sample-${n}`));
  let [isOver, isRead] = [false, false];
  const written = Promise.all(writers.map((writer) => writer.writeUntil(() => isOver)));
  const following = follow(reading, () => isRead);
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
  for (const { stream, acknowledged, overtaken } of writers) {
    expect(overtaken).toEqual([]);
    expect(await idsOf(writing.store, stream)).toEqual(acknowledged);
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
  'a leader that stands still is left by who only reads, too',
  async () => {
    const temporary = temporaryDirectory();
    const cluster = await EventStoreDbCluster.start(temporary.path);
    const { store } = open(cluster.url);
    await store.append('sample-1', 'no-stream', [sampleEvent()]);
    const end = await store.end();
    cluster.freeze(cluster.leader!);
    const ends = () => store.end().catch(() => undefined);
    for (let n = 0; n < 2; n++) expect(await ends()).toBeUndefined();
    const able = cluster.able().then(() => performance.now());
    while ((await ends()) !== end) await sleep(PAUSE_MS);
    expect(performance.now() - (await able)).toBeLessThan(ABLE_AGAIN_MS);
    await store.close();
    await cluster.close();
    temporary.remove();
  },
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

test.concurrent(
  'all of it restored to an older state, from a copy that was made while it ran',
  async () => {
    const [directory, copy] = [temporaryDirectory(), temporaryDirectory()];
    const cluster = await EventStoreDbCluster.start(directory.path);
    const [writing, reading] = [open(cluster.url), open(cluster.url)];
    const forget = reading.store.onAppended(() => undefined);
    const writers = Array.from({ length: WRITERS }, (_, n) => new Writer(writing.store, `sample-${n}`));
    let [isOver, isRead] = [false, false];
    const written = Promise.all(writers.map((writer) => writer.writeUntil(() => isOver)));
    const following = follow(reading, () => isRead);
    await sleep(1_000);
    cpSync(directory.path, copy.path, { recursive: true });
    const copied = writers.map(({ acknowledged }) => acknowledged.length);
    await sleep(2_000);
    await cluster.close();
    const restored = await EventStoreDbCluster.start(copy.path, cluster.ports);
    const able = performance.now();
    while (!writers.every(({ lastAt }) => lastAt > able)) await sleep(PAUSE_MS);
    expect(performance.now() - able).toBeLessThan(ABLE_AGAIN_MS);
    await sleep(SETTLED_MS); // it has grown past where it was before
    isOver = true;
    await written;
    await sleep(1_000);
    isRead = true;
    const seen = await following;
    for (const [n, { stream, acknowledged, overtaken }] of writers.entries()) {
      expect(overtaken).toHaveLength(1);
      const [{ kept, acknowledged: before }] = overtaken as [(typeof overtaken)[number]];
      expect(kept).toBeGreaterThanOrEqual(copied[n]!);
      const standing = [...acknowledged.slice(0, kept), ...acknowledged.slice(before)];
      expect(await idsOf(writing.store, stream)).toEqual(standing);
      expect(seen.get(stream)).toEqual(standing);
    }
    expect(reading.troubles.join()).toMatch(/restored/); // an operator is told
    forget();
    await Promise.all([writing.store.close(), reading.store.close()]);
    await restored.close();
    for (const one of [directory, copy]) one.remove();
  },
  PATIENCE,
);
