import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbCluster } from '@sparekey/testing/services';
import { open } from './testing/outage-kit.ts';

/*
 * A process that lives through one outage after another is no larger for it. What is still alive is counted, after a collection of
 * garbage: the size of the heap says less, because code that runs often is compiled meanwhile.
 */

/** A connection to each node, which the clients of one process share. */
const NODES = 3;
const [FEW, MANY] = [4, 12];
/** Sockets, sessions, streams and calls are all emitters: so many are there for one connection, at both of its ends. */
const OF_A_CONNECTION = 6;
/** Of calls that are just being made. */
const ON_THE_WAY = 2;

test('as many sockets, streams and calls are alive after many outages as after few', async () => {
  const temporary = temporaryDirectory();
  const cluster = await EventStoreDbCluster.start(temporary.path);
  const { store, client } = open(cluster.url);
  const forget = store.onAppended(() => undefined);
  const sizes: { alive: number; connections: number; streams: number }[] = [];
  for (let outage = 1; outage <= MANY; outage++) {
    if (outage % 2 === 0) cluster.resign();
    else {
      const leader = cluster.leader!;
      await cluster.kill(leader);
      await cluster.able();
      await cluster.revive(leader);
    }
    await cluster.able();
    const acknowledged = () =>
      store.append(`sample-${outage}`, 'no-stream', [sampleEvent()]).then(
        () => true,
        () => false,
      );
    while (!(await acknowledged())) await sleep(20);
    if (outage === FEW || outage === MANY) {
      await sleep(6_000); // subscriptions are made again, and connections that nobody uses are given up
      const { connections } = cluster;
      const alive = queryObjects(EventEmitter, { format: 'count' }) - OF_A_CONNECTION * connections;
      sizes.push({ alive, connections, streams: client.disposableStreams.size });
    }
  }
  forget();
  await store.close();
  await cluster.close();
  temporary.remove();
  const [few, many] = sizes as [(typeof sizes)[number], (typeof sizes)[number]];
  expect(many.alive).toBeLessThanOrEqual(few.alive + ON_THE_WAY);
  expect(Math.max(few.connections, many.connections)).toBeLessThanOrEqual(NODES);
  expect(many.streams).toBeLessThanOrEqual(few.streams);
}, 240_000);
