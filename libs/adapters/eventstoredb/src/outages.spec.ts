import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { connectivityState, type Channel } from '@grpc/grpc-js';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';
import { connectEventStoreDb, EventStoreDbEventStore, type EventStoreDbOptions } from './index.ts';

/*
 * Answers that a real server was seen to give: on the server that EVENTSTORE_URL names, whose streams of a namespace of their own are
 * deleted here, else on the stand-in. What has to be ordered from a server runs on the stand-in alone.
 */
const named = process.env.EVENTSTORE_URL;
const onStandIn = named ? test.skip : test;
const namespace = `t${randomUUID().slice(0, 8)}-`;
const temporary = temporaryDirectory();
let standIn: EventStoreDbStandIn | undefined;
let store: EventStoreDbEventStore;
let streams = 0;
const troubles: string[] = [];

const url = () => named ?? standIn!.url;
const open = ({ client = connectEventStoreDb(url(), false), ...more }: Partial<EventStoreDbOptions> = {}) =>
  new EventStoreDbEventStore({
    client,
    prefixes: ['sample-'],
    namespace: namespace.slice(0, -1),
    lookEvery: 100,
    onTrouble: (cause) => troubles.push(cause),
    ...more,
  });
const stream = () => `sample-${++streams}`;

beforeAll(async () => {
  if (!named) standIn = await EventStoreDbStandIn.start({ directory: temporary.path, statsEvery: 5 });
  store = open({ onTrouble: () => undefined });
});
afterEach(() => standIn?.faults.mend());
afterAll(async () => {
  await store.close();
  await standIn?.stop();
  temporary.remove();
});

describe('what an operator or a neighbour does on the server', () => {
  let raw: EventStoreDBClient;
  let own: EventStoreDbEventStore;
  beforeEach(() => {
    raw = connectEventStoreDb(url(), false);
    own = open();
    troubles.length = 0;
  });
  afterEach(async () => {
    await raw.dispose();
    await own.close();
  });
  const toldOf = (name: string) => troubles.filter((cause) => cause.includes(name));
  const written = async (events = 3) => {
    const name = stream();
    await store.append(
      name,
      'no-stream',
      Array.from({ length: events }, () => sampleEvent()),
    );
    return name;
  };

  test('a stream of ours that is deleted for good is told of, passed over, and takes no more', async () => {
    const from = await own.end();
    const [gone, name] = [await written(), stream()];
    await raw.tombstoneStream(namespace + gone);
    await own.append(name, 'no-stream', [sampleEvent()]);
    expect((await own.readAll(from, 10)).map(({ type }) => type)).not.toContain('$streamDeleted');
    expect(await own.newestTime()).toBeDefined();
    const newcomer = open();
    for (const direction of ['forwards', 'backwards'] as const)
      await expect(newcomer.read(gone, { direction })).rejects.toMatchObject({
        name: 'LogDamaged',
        isFinal: true,
      });
    await newcomer.close();
    await expect(own.append(gone, 2, [sampleEvent()])).rejects.toMatchObject({ name: 'AppendRefused' });
    expect(toldOf(gone)).toHaveLength(1);
  });

  test.each([
    ['a limit of events', { maxCount: 1 }],
    ['a cut', { truncateBefore: 2 }],
    ['a cut behind its end', { truncateBefore: 3 }],
    ['its age', { maxAge: 1 }],
  ])('a stream whose beginning is gone by %s is an alarm, and no shorter stream', async (_, metadata) => {
    const name = await written();
    await raw.setStreamMetadata(namespace + name, metadata);
    if ('maxAge' in metadata) await sleep(1_100 * metadata.maxAge);
    await expect(own.read(name)).rejects.toMatchObject({ name: 'LogDamaged' });
    await own.readAll(undefined, 1_000);
    expect(toldOf(name)).toHaveLength(1);
  });

  test('a stream that was deleted so that it can begin again is an alarm, and does not begin again unseen', async () => {
    const name = await written();
    await raw.deleteStream(namespace + name);
    await own.readAll(undefined, 1_000);
    expect(toldOf(name)).toHaveLength(1);
    await expect(own.read(name)).rejects.toMatchObject({ name: 'LogDamaged' });
    await expect(own.read(name, { direction: 'backwards', limit: 1 })).rejects.toMatchObject({
      name: 'LogDamaged',
    });
    const again = own.append(name, 'no-stream', [sampleEvent()], { hasNewIds: true });
    await expect(again).rejects.toMatchObject({ name: 'LogDamaged' });
    await expect(own.read(name)).rejects.toMatchObject({ name: 'LogDamaged' });
  });

  test('what says nothing of how much is kept shortens no stream', async () => {
    const name = stream();
    await raw.setStreamMetadata(namespace + name, { cacheControl: 1, acl: { deleteRoles: ['$admins'] } });
    await expect(own.read(name)).resolves.toEqual([]);
    await own.append(name, 'no-stream', [sampleEvent()]);
    await own.readAll(undefined, 1_000);
    expect(toldOf(name)).toEqual([]);
  });

  test('what is deleted while the log is followed is told at once', async () => {
    const name = await written();
    own.onAppended(() => undefined);
    await sleep(200); // subscribed
    await raw.deleteStream(namespace + name);
    while (toldOf(name).length === 0) await sleep(10);
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
    await own.close();
    own = open({ lookEvery: 60_000 });
    await fill();
    await own.append(stream(), 'no-stream', [sampleEvent()]);
    await fill();
    const end = await own.end();
    standIn?.faults.countCalls();
    const began = performance.now();
    for (let n = 0; n < 5; n++) {
      expect(await own.end()).toBe(end);
      expect(await own.newestTime()).toBeDefined();
      expect(await own.countAfter(end)).toBe(0);
    }
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(standIn?.faults.countCalls().read ?? 0).toBeLessThan(40);
    await others.close();
  });
});

onStandIn(
  'who begins in a log full of others has it searched once, whatever is asked',
  async () => {
    const others = open({ prefixes: ['stranger-'] });
    const write = (many: number) =>
      others.append(
        `stranger-${++streams}`,
        'no-stream',
        Array.from({ length: many }, () => sampleEvent()),
      );
    await write(1_500);
    const [first, newcomer] = [open({ prefixes: ['first-'] }), open({ prefixes: ['newcomer-'] })];
    standIn!.faults.countCalls();
    expect(await first.end()).toBeUndefined();
    const once = standIn!.faults.countCalls().searched;
    expect(once).toBeGreaterThan(1_500);

    const ends = await Promise.all(Array.from({ length: 5 }, () => newcomer.end()));
    expect(ends.every((end) => end === undefined)).toBe(true);
    for (let n = 0; n < 3; n++) {
      await write(40);
      expect(await newcomer.end()).toBeUndefined();
    }
    await newcomer.append('newcomer-1', 'no-stream', [sampleEvent()]);
    for (let n = 0; n < 5; n++) expect(await newcomer.readAll(undefined, 10)).toHaveLength(1);
    expect(standIn!.faults.countCalls().searched).toBeLessThan(1.2 * once);
    for (const store of [others, first, newcomer]) await store.close();
  },
  60_000,
);

describe('what the server does not take', () => {
  test('an append of more than the server takes is refused for good, and leaves the stream as it was', async () => {
    const name = stream();
    const large = Array.from({ length: 3 }, () => sampleEvent({ n: 1, text: 'x'.repeat(400_000) }));
    await expect(store.append(name, 'no-stream', large)).rejects.toMatchObject({ name: 'AppendRefused' });
    expect(await store.append(name, 'no-stream', [sampleEvent()])).toBe(0);
  });

  test.each(['999999999999/999999999999', '5/5'])(
    'a position of another log, %s, at which nothing stands, is told to be that',
    async (place) => {
      const other = open();
      await expect(other.readAll(place, 10)).rejects.toThrow(/restored to an older state/);
      await other.close();
    },
  );
});

describe('a connection', () => {
  // a rejection that nobody handles fails the test in which it comes: Jest sees to that
  test('where no node is found fails each call, and ends no process', async () => {
    const nowhere = 'esdb://127.0.0.1:9,127.0.0.1:19?tls=false&maxDiscoverAttempts=2&discoveryInterval=10';
    const client = connectEventStoreDb(nowhere, false);
    const inner = client as unknown as { createChannel(): Promise<Channel> };
    const { createChannel } = inner;
    const channels: Channel[] = [];
    inner.createChannel = async () => {
      channels.push(await createChannel());
      return channels.at(-1)!;
    };
    const lonely = open({ client });
    for (let n = 0; n < 3; n++) {
      const calls = [
        lonely.append(stream(), 'no-stream', [sampleEvent()]),
        lonely.read(stream()),
        lonely.end(),
      ];
      for (const outcome of await Promise.allSettled(calls))
        expect(outcome).toMatchObject({ reason: { name: 'StoreUnavailable', outcome: 'not-appended' } });
    }
    expect(channels.length).toBeGreaterThan(3);
    // one that is open would try to connect for ever
    const states = channels.map((channel) => channel.getConnectivityState(false));
    expect(states.filter((state) => state !== connectivityState.SHUTDOWN).length).toBeLessThanOrEqual(1);
    await lonely.close();
  });

  onStandIn.each(['esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'])(
    'to several hosts by %s:// is made with whichever answers',
    async (scheme) => {
      const { host } = new URL(standIn!.url);
      const several = open({
        client: connectEventStoreDb(`${scheme}://127.0.0.1:9,${host}?tls=false`, false),
      });
      expect(await several.append(stream(), 'no-stream', [sampleEvent()])).toBe(0);
      await several.close();
    },
  );

  onStandIn('that takes long to be made is kept by the reads that were given up meanwhile', async () => {
    const name = stream();
    await store.append(name, 'no-stream', [sampleEvent()]);
    const client = connectEventStoreDb(url(), false);
    const inner = client as unknown as { resolveUri(): Promise<string> };
    const { resolveUri } = inner;
    let made = 0;
    inner.resolveUri = async () => {
      made++;
      await sleep(1_200); // as where nodes are asked one after the other that do not answer
      return resolveUri();
    };
    const hasty = open({ client, timeout: 300 });
    const reads = [1, 2, 3].map(() => hasty.read(name));
    for (const { status } of await Promise.allSettled(reads)) expect(status).toBe('rejected');
    await sleep(1_500);
    expect(await hasty.read(name)).toHaveLength(1);
    expect(made).toBe(1);
    await hasty.close();
  });

  onStandIn.each([
    ['and are answered late', 300],
    ['and are never answered', 60_000],
  ])('is closed in time although reads were given up, %s', async (_, delay) => {
    const name = stream();
    await store.append(name, 'no-stream', [sampleEvent(), sampleEvent()]);
    const hasty = open({ timeout: 100 });
    standIn!.faults.delayAnswers(delay);
    const reads = [1, 2, 3].map(() => hasty.read(name).catch(() => undefined));
    await Promise.all(reads);
    await sleep(400); // answers that come late have come, and nobody reads them
    const began = performance.now();
    await hasty.close();
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});
