import { cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { readOn, withOneLook, type StoreUnavailable } from '@sparekey/event-sourcing';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbCluster, EventStoreDbStandIn } from '@sparekey/testing/services';
import { connectEventStoreDb, EventStoreDbEventStore } from './index.ts';

// On the stand-in, which fails on command as no server can be made to.
const temporary = temporaryDirectory();
let standIn: EventStoreDbStandIn;
let store: EventStoreDbEventStore;
let streams = 0;
const troubles: string[] = [];

const open = (more: object = {}) =>
  new EventStoreDbEventStore({
    client: connectEventStoreDb(standIn.url, false),
    prefixes: ['sample-'],
    lookEvery: 100,
    onTrouble: (cause) => troubles.push(cause),
    ...more,
  });
const stream = () => `sample-${++streams}`;
const until = async (isThere: () => boolean | Promise<boolean>) => {
  while (!(await isThere())) await sleep(10);
};

beforeAll(async () => {
  standIn = await EventStoreDbStandIn.start({ directory: temporary.path, statsEvery: 5 });
  store = open();
});
afterEach(() => standIn.faults.mend());
afterAll(async () => {
  await store.close();
  await standIn.stop();
  temporary.remove();
});

describe('an append', () => {
  test.each(['drop-connection', 'unavailable'] as const)(
    'whose acknowledgement is lost (%s) says that it may have happened, and it has',
    async (how) => {
      const name = stream();
      standIn.faults.loseAcknowledgements(1, how);
      await expect(store.append(name, 'no-stream', [sampleEvent()])).rejects.toMatchObject({
        name: 'StoreUnavailable',
        outcome: 'unknown',
      });
      expect(await store.read(name)).toHaveLength(1);
    },
  );

  test('that is never answered is given up in time', async () => {
    const hasty = open({ timeout: 300 });
    standIn.faults.loseAcknowledgements(1, 'silence');
    const began = performance.now();
    await expect(hasty.append(stream(), 'no-stream', [sampleEvent()])).rejects.toMatchObject({
      outcome: 'unknown',
    });
    expect(performance.now() - began).toBeLessThan(2_000);
    await hasty.close();
  });

  test('that comes late is not taken for another one under the same ids', async () => {
    const client = connectEventStoreDb(standIn.url, false);
    const append = client.appendToStream.bind(client);
    let late: (() => Promise<unknown>) | undefined;
    let calls = 0;
    Object.assign(client, {
      appendToStream: async (...call: Parameters<typeof append>) => {
        if (calls++ > 0) return late!().then(() => append(...call));
        late = () => append(...call);
        throw new Error('given up');
      },
    });
    const hasty = open({ client });
    const [name, event] = [stream(), sampleEvent({ n: 1 })];
    await expect(hasty.append(name, 'no-stream', [event])).rejects.toMatchObject({ outcome: 'unknown' });
    expect(await hasty.read(name)).toEqual([]);
    const other = { ...sampleEvent({ n: 2 }), id: event.id };
    await expect(hasty.append(name, 'no-stream', [other])).rejects.toMatchObject({ name: 'EventIdReused' });
    expect(await hasty.read(name)).toMatchObject([{ data: { n: 1 } }]);
    await hasty.close();
  });

  test('that no node took is certainly not appended: tried again, and said so', async () => {
    standIn.faults.refuse(2);
    expect(await store.append(stream(), 'no-stream', [sampleEvent()])).toBe(0);
    const nobody = open({ client: connectEventStoreDb('esdb://127.0.0.1:9?tls=false', false) });
    await expect(nobody.append(stream(), 'no-stream', [sampleEvent()])).rejects.toMatchObject({
      outcome: 'not-appended',
    });
    await nobody.close();
  });

  test('asks for the leader: no node forwards it to one that resigned', async () => {
    const folder = temporaryDirectory();
    const cluster = await EventStoreDbCluster.start(folder.path);
    const [one, plain] = [0, 1].map(() => connectEventStoreDb(cluster.url, false)) as [
      EventStoreDBClient,
      EventStoreDBClient,
    ];
    const client = open({ client: one });
    await client.append('sample-a', 'no-stream', [sampleEvent()]);
    await plain.appendToStream('sample-b', jsonEvent({ type: 'Sample', data: {} }));
    cluster.resign();
    const began = performance.now();
    const forwarded = plain
      .appendToStream('sample-b', jsonEvent({ type: 'Sample', data: {} }))
      .catch(({ code }: { code: number }) => ({ code, after: performance.now() - began }));
    const acknowledged = () =>
      client.append('sample-a', 0, [sampleEvent()]).catch((error: StoreUnavailable) => {
        expect(error.outcome).toBe('not-appended'); // nothing is ever in doubt
        return undefined;
      });
    while ((await acknowledged()) === undefined) await sleep(20);
    expect(performance.now() - began).toBeLessThan(3_000);
    // as a real server answers who does not ask for the leader: ABORTED, after five seconds
    expect(await forwarded).toEqual({ code: 10, after: expect.any(Number) });
    expect(((await forwarded) as { after: number }).after).toBeGreaterThan(5_000);
    await Promise.all([client.close(), plain.dispose()]);
    await cluster.close();
    folder.remove();
  });

  test('goes to the leader when another node says where that is', async () => {
    standIn.faults.answerNotLeader(2);
    expect(await store.append(stream(), 'no-stream', [sampleEvent()])).toBe(0);
  });

  test('of one stream that fails takes no append of another with it', async () => {
    const [good, bad] = [stream(), stream()];
    await store.append(bad, 'no-stream', [sampleEvent()]);
    const outcomes = await Promise.allSettled([
      store.append(good, 'no-stream', [sampleEvent()]),
      store.append(bad, 7, [sampleEvent()]),
      store.append(bad, 'no-stream', [sampleEvent()]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  test('by two processes under the same ids and with other content: the second is told', async () => {
    const name = stream();
    const other = open();
    const event = sampleEvent({ n: 1 });
    await store.append(name, 'no-stream', [event]);
    await expect(other.append(name, 'no-stream', [{ ...event, time: event.time + 1 }])).rejects.toMatchObject(
      {
        name: 'EventIdReused',
      },
    );
    await other.close();
  });
});

describe('a read', () => {
  test('is tried again when the connection drops or the node does not lead', async () => {
    const name = stream();
    await store.append(name, 'no-stream', [sampleEvent()]);
    standIn.faults.refuse(2);
    expect(await store.read(name)).toHaveLength(1);
    standIn.faults.answerNotLeader(1);
    expect(await store.read(name)).toHaveLength(1);
    standIn.faults.dropConnections();
    expect(await store.read(name)).toHaveLength(1);
  });

  test('that is never answered is given up in time', async () => {
    const hasty = open({ timeout: 200 });
    standIn.faults.delayAnswers(60_000);
    await expect(hasty.read(stream())).rejects.toMatchObject({
      name: 'StoreUnavailable',
      outcome: 'not-appended',
    });
    standIn.faults.mend();
    await hasty.close();
  });

  test('of the whole log passes over what the server itself and others wrote', async () => {
    const others = open({ prefixes: ['stranger-'] });
    const from = await store.end();
    await others.append('stranger-1', 'no-stream', [sampleEvent()]);
    for (let n = 0; n < 20; n++) await store.append(stream(), 'no-stream', [sampleEvent({ n })]);
    const page = await store.readAll(from, 500);
    expect(page.map(({ data }) => (data as { n: number }).n)).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
    expect(await store.countAfter(from)).toBe(20);
    expect((await store.readAll(from, 7)).map(({ data }) => (data as { n: number }).n)).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    await others.close();
  });

  test('sees what another process appended, at once', async () => {
    const other = open();
    const name = stream();
    await other.append(name, 'no-stream', [sampleEvent()]);
    expect(await store.read(name)).toHaveLength(1);
    expect(await store.append(name, 0, [sampleEvent()])).toBe(1);
    await expect(other.append(name, 0, [sampleEvent()])).rejects.toMatchObject({ actual: 1 });
    await other.close();
  });
});

describe('a read of what the subscription has brought', () => {
  let here: EventStoreDbEventStore;
  let other: EventStoreDbEventStore;
  beforeEach(async () => {
    [here, other] = [open(), open()];
    here.onAppended(() => undefined);
    await sleep(100); // subscribed
  });
  afterEach(async () => {
    await here.close();
    await other.close();
  });

  /** Read once, so that where it ends is known here from now on. */
  const knownStream = async () => {
    const name = stream();
    await here.append(name, 'no-stream', [sampleEvent()]);
    expect(await here.read(name, { from: 1 })).toEqual([]);
    return name;
  };
  /** Appended elsewhere, acknowledged, then read here. */
  const seesAtOnce = async (name: string, rounds = 20) => {
    for (let revision = 0; revision < rounds; revision++) {
      await other.append(name, revision, [sampleEvent()]);
      expect(await here.read(name, { from: revision + 1 })).toHaveLength(1);
    }
  };

  test('costs one look at the end of the log, which all who wait share', async () => {
    const names = await Promise.all(Array.from({ length: 20 }, knownStream));
    await sleep(100); // subscribed, and everything has come
    const few = 6; // others look now and then, and a look takes a second page where the server's own event stands at the end
    standIn.faults.countCalls();
    await Promise.all(names.map((name) => here.read(name, { from: 1 })));
    expect(standIn.faults.countCalls().read).toBeLessThanOrEqual(few);
    await withOneLook(async () => {
      for (const name of names) await here.read(name, { from: 1 });
    });
    expect(standIn.faults.countCalls().read).toBeLessThanOrEqual(few);
  });

  test('sees what was acknowledged elsewhere', async () => seesAtOnce(await knownStream()));

  test('sees it although the subscription brings it late', async () => {
    const name = await knownStream();
    standIn.faults.delaySubscriptions(40);
    await seesAtOnce(name, 8);
  });

  test('sees it although the subscription has fallen silent, and does not wait for it twice', async () => {
    const name = await knownStream();
    standIn.faults.stallSubscriptions();
    const began = performance.now();
    await seesAtOnce(name, 10);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('is at hand for who follows the log, and is read where it does not come', async () => {
    const from = await here.end();
    const name = stream();
    await other.append(name, 'no-stream', [sampleEvent({ n: 1 }), sampleEvent({ n: 2 })]);
    await until(() => here.atHand(from, 10)?.events.length === 2);
    standIn.faults.countCalls();
    const { events, upTo } = await readOn(here, from, 1);
    expect(events.map(({ revision }) => revision)).toEqual([0]);
    expect((await readOn(here, upTo, 10)).events.map(({ revision }) => revision)).toEqual([1]);
    standIn.faults.stallSubscriptions();
    await other.append(name, 1, [sampleEvent()]);
    let told = 0;
    here.onAppended(() => told++);
    await until(async () => told > 0 && (await readOn(here, upTo, 10)).events.length === 2);
  });

  test('asks the leader, and no other node', async () => {
    const folder = temporaryDirectory();
    const node = await EventStoreDbStandIn.start({ directory: folder.path });
    const alone = open({ client: connectEventStoreDb(node.url, false), lookEvery: 60_000 });
    alone.onAppended(() => undefined);
    await sleep(100); // subscribed
    await alone.append('sample-x', 'no-stream', [sampleEvent()]);
    await alone.read('sample-x', { from: 1 });
    node.faults.answerNotLeader(1);
    node.faults.countCalls();
    expect(await alone.read('sample-x', { from: 1 })).toEqual([]);
    expect(node.faults.countCalls().read).toBe(2); // sent away once
    await alone.close();
    await node.stop();
    folder.remove();
  });

  test('is never what an append of the same work is checked by', async () => {
    const name = await knownStream();
    standIn.faults.delaySubscriptions(50);
    await withOneLook(async () => {
      await here.read(name, { from: 1 });
      await expect(here.append(name, 7, [sampleEvent()])).rejects.toMatchObject({
        name: 'WrongExpectedRevision',
      });
      standIn.faults.loseAcknowledgements(1, 'unavailable');
      await expect(here.append(name, 0, [sampleEvent()])).rejects.toMatchObject({ outcome: 'unknown' });
      await here.read(name, { from: 1 });
      expect(await here.append(name, 1, [sampleEvent()])).toBe(2); // looks at what stands there
    });
  });

  test('after an append of the same work sees what others appended before', async () => {
    const [name, own] = [await knownStream(), await knownStream()];
    standIn.faults.delaySubscriptions(100);
    await withOneLook(async () => {
      expect(await here.read(name, { from: 1 })).toEqual([]);
      await other.append(name, 0, [sampleEvent()]);
      await here.append(own, 0, [sampleEvent()]);
      expect(await here.read(name, { from: 1 })).toHaveLength(1);
    });
  });

  test('after an append of the same work sees what was acknowledged elsewhere before that append was', async () => {
    const [name, own] = [await knownStream(), await knownStream()];
    standIn.faults.delaySubscriptions(300);
    await withOneLook(async () => {
      standIn.faults.delayAnswers(200);
      const appending = here.append(own, 0, [sampleEvent()]);
      await sleep(50); // it stands in the log, and its acknowledgement is on its way
      standIn.faults.delayAnswers(0);
      await other.append(name, 0, [sampleEvent()]);
      await appending;
      expect(await here.read(name, { from: 1 })).toHaveLength(1);
    });
  });

  test('goes on behind what came while the connection was dropped', async () => {
    const name = await knownStream();
    standIn.faults.dropConnections();
    await other.read(name); // connected again: an append could not tell what became of it
    await seesAtOnce(name, 5);
    await sleep(500);
    await other.append(name, 5, [sampleEvent(), sampleEvent()]);
    expect((await here.read(name, { from: 1 })).map(({ revision }) => revision)).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  test('knows nothing any more of a log that was restored to an older state', async () => {
    const folder = temporaryDirectory();
    const first = await EventStoreDbStandIn.start({ directory: folder.path });
    const restored = temporaryDirectory();
    const writer = open({ client: connectEventStoreDb(first.url, false) });
    await writer.append('sample-old', 'no-stream', [sampleEvent()]);
    await writer.close();
    await first.stop();
    cpSync(folder.path, restored.path, { recursive: true });

    const again = await EventStoreDbStandIn.start({ directory: folder.path });
    const port = Number(/:(\d+)/.exec(again.url.slice(7))![1]);
    const watching = open({ client: connectEventStoreDb(again.url, false) });
    for (let n = 0; n < 5; n++) await watching.append('sample-old', n, [sampleEvent()]);
    expect(await watching.read('sample-old', { from: 6 })).toEqual([]);
    await again.stop();
    const older = await EventStoreDbStandIn.start({ directory: restored.path, port });
    troubles.length = 0;
    await until(() =>
      watching.read('sample-old').then(
        (events) => events.length === 1,
        () => false,
      ),
    );
    expect(await watching.append('sample-old', 0, [sampleEvent()])).toBe(1);
    await until(() => troubles.join().includes('restored')); // by the next look, if by nothing before
    await watching.close();
    await older.stop();
    folder.remove();
    restored.remove();
  });
});

describe('word of appends', () => {
  const listen = async (listening: EventStoreDbEventStore) => {
    let told = 0;
    const forget = listening.onAppended(() => told++);
    await sleep(300); // subscribed
    return { told: () => told, forget };
  };

  test('comes from what another process appended', async () => {
    const other = open();
    const { told, forget } = await listen(store);
    const before = told();
    await other.append(stream(), 'no-stream', [sampleEvent()]);
    await until(() => told() > before);
    forget();
    await other.close();
  });

  test('comes again after the connection was dropped', async () => {
    const other = open();
    const { told, forget } = await listen(store);
    standIn.faults.dropConnections();
    await sleep(300);
    for (let times = 0; times < 3; times++) {
      const before = told();
      await other.append(stream(), 'no-stream', [sampleEvent()]);
      await until(() => told() > before);
    }
    forget();
    await other.close();
  });

  test('comes although the subscription fell silent: that is found out, and another one made', async () => {
    const [other, watched] = [open(), open()];
    const { told } = await listen(watched);
    standIn.faults.stallSubscriptions({ andNewOnes: false });
    troubles.length = 0;
    const before = told();
    await other.append(stream(), 'no-stream', [sampleEvent()]);
    await until(() => told() > before); // by the look that is taken now and then
    await until(() => troubles.some((cause) => cause.includes('behind')));
    await sleep(500);
    const again = told();
    await other.append(stream(), 'no-stream', [sampleEvent()]);
    await until(() => told() > again);
    await Promise.all([other.close(), watched.close()]);
  });

  test('comes although the subscription fell silent while the log never rests', async () => {
    const [other, watched] = [open(), open()];
    const { forget } = await listen(watched);
    standIn.faults.stallSubscriptions({ andNewOnes: false });
    troubles.length = 0;
    while (!troubles.some((cause) => cause.includes('behind'))) {
      await other.append(stream(), 'no-stream', [sampleEvent()]);
      await sleep(20);
    }
    forget();
    await Promise.all([other.close(), watched.close()]);
  });

  test('is awaited in peace on a log that rests', async () => {
    await store.append(stream(), 'no-stream', [sampleEvent()]);
    const watched = open();
    troubles.length = 0;
    const forget = watched.onAppended(() => undefined);
    await sleep(500); // five looks
    expect(troubles).toEqual([]);
    forget();
    await watched.close();
  });
});
