import { cpSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonEvent } from '@eventstore/db-client';
import { withOneLook } from '@sparekey/event-sourcing';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';
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

  test('asks for the leader: another node does not forward it', async () => {
    const client = connectEventStoreDb(standIn.url, false);
    const append = client.appendToStream.bind(client);
    const asked: unknown[] = [];
    Object.assign(client, {
      appendToStream: (...call: Parameters<typeof append>) => {
        asked.push(call[2]?.requiresLeader);
        return append(...call);
      },
    });
    const alone = open({ client });
    await alone.append(stream(), 'no-stream', [sampleEvent()]);
    expect(asked).toEqual([true]);
    await alone.close();
  });

  test('of more than the server takes, or into a stream that somebody deleted, is refused for good', async () => {
    const name = stream();
    const large = Array.from({ length: 3 }, () => sampleEvent({ n: 1, text: 'x'.repeat(400_000) }));
    await expect(store.append(name, 'no-stream', large)).rejects.toMatchObject({ name: 'AppendRefused' });
    expect(await store.append(name, 'no-stream', [sampleEvent()])).toBe(0);
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

describe('what an operator or a neighbour does on the server', () => {
  test('a deleted stream of ours is told of, and passed over', async () => {
    const [gone, name] = [stream(), stream()];
    const own = open();
    const from = await own.end();
    await own.append(gone, 'no-stream', [sampleEvent()]);
    const raw = connectEventStoreDb(standIn.url, false);
    await raw.appendToStream(gone, jsonEvent({ type: '$streamDeleted', data: {} }));
    await own.append(name, 'no-stream', [sampleEvent()]);
    troubles.length = 0;
    expect((await own.readAll(from, 10)).map(({ type }) => type)).not.toContain('$streamDeleted');
    expect(await own.newestTime()).toBeDefined();
    expect(troubles.filter((cause) => cause.includes(gone))).toHaveLength(1);
    await raw.dispose();
    await own.close();
  });

  test('a stream whose beginning is gone is an alarm, and no shorter stream', async () => {
    const name = stream();
    const client = connectEventStoreDb(standIn.url, false);
    const read = client.readStream.bind(client);
    await store.append(name, 'no-stream', [sampleEvent(), sampleEvent(), sampleEvent()]);
    Object.assign(client, {
      // as after $maxCount 1: a read from 0 begins later, without a word
      readStream: (of: string, options: object) => read(of, { ...options, fromRevision: 2n }),
    });
    const own = open({ client });
    await expect(own.read(name)).rejects.toMatchObject({ name: 'LogDamaged' });
    await own.close();
  });

  test('many events of others before, between and behind ours cost one passing', async () => {
    const others = open({ prefixes: ['stranger-'] });
    const fill = async () => {
      for (let n = 0; n < 4; n++)
        await others.append(
          `stranger-${++streams}`,
          'no-stream',
          Array.from({ length: 1_500 }, () => sampleEvent()),
        );
    };
    const own = open({ lookEvery: 60_000 });
    await fill();
    await own.append(stream(), 'no-stream', [sampleEvent()]);
    await fill();
    const end = await own.end();
    standIn.faults.countCalls();
    for (let n = 0; n < 5; n++) {
      expect(await own.end()).toBe(end);
      expect(await own.newestTime()).toBeDefined();
      expect(await own.countAfter(end)).toBe(0);
    }
    expect(standIn.faults.countCalls().read).toBeLessThan(40);
    await others.close();
    await own.close();
  });
});

describe('a connection', () => {
  test('where no node is found fails each call, ends no process, and is made when there is one', async () => {
    const rejections: unknown[] = [];
    const note = (error: unknown) => rejections.push(error);
    process.on('unhandledRejection', note);
    const url = 'esdb://127.0.0.1:9,127.0.0.1:19?tls=false&maxDiscoverAttempts=2&discoveryInterval=10';
    const lonely = open({ client: connectEventStoreDb(url, false) });
    for (let n = 0; n < 3; n++) {
      const calls = [
        lonely.append(stream(), 'no-stream', [sampleEvent()]),
        lonely.read(stream()),
        lonely.end(),
      ];
      for (const outcome of await Promise.allSettled(calls))
        expect(outcome).toMatchObject({ reason: { name: 'StoreUnavailable', outcome: 'not-appended' } });
    }
    await lonely.close();
    process.off('unhandledRejection', note);
    expect(rejections).toEqual([]);
  });

  test('is closed in time although reads were given up', async () => {
    const hasty = open({ timeout: 100 });
    standIn.faults.delayAnswers(60_000);
    const reads = [1, 2, 3].map(() => hasty.read(stream()).catch(() => undefined));
    await Promise.all(reads);
    const began = performance.now();
    await hasty.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    standIn.faults.mend();
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
    standIn.faults.countCalls();
    await Promise.all(names.map((name) => here.read(name, { from: 1 })));
    expect(standIn.faults.countCalls().read).toBeLessThanOrEqual(2);
    await withOneLook(async () => {
      for (const name of names) await here.read(name, { from: 1 });
    });
    expect(standIn.faults.countCalls().read).toBe(1);
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
    expect(troubles.join()).toContain('restored');
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
