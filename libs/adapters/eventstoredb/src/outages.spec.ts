import { jsonEvent } from '@eventstore/db-client';
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
