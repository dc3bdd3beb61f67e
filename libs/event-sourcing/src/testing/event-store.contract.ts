import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventRecord } from '../envelope.ts';
import { EventIdReused, WrongExpectedRevision, type EventStore, type EventFilter } from '../event-store.ts';

/** What a contract run needs of an adapter: a store of its own, and the same store found again by a new process. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  reopen(): Promise<EventStore>;
  close(): Promise<void>;
}

/** So often it is looked whether word of an append came, and for so long at most (milliseconds). */
const [LOOK_EVERY, PATIENCE] = [50, 5_000];

let names = 0;
const stream = () => `sample-${randomUUID()}.${names++}`;

export function sampleEvent(data: object = {}, id: string = randomUUID()): EventRecord {
  return {
    id,
    type: 'SomethingHappened',
    version: 1,
    time: 1_772_366_400_000,
    domain: 'acme',
    subject: 'ada',
    actor: { kind: 'service', id: 'payroll' },
    correlationId: 'c-1',
    causationId: 'k-1',
    data,
  };
}

const typed = (type: string, data: object): EventRecord => ({ ...sampleEvent(data), type });

/** The whole contract of {@link EventStore}; every adapter runs all of it. */
export function eventStoreContract(adapter: string, open: () => Promise<EventStoreUnderTest>): void {
  describe(`the event store on ${adapter}`, () => {
    let under: EventStoreUnderTest;
    let store: EventStore;

    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under.close());

    const numbers = async (name: string, options?: Parameters<EventStore['read']>[1]) =>
      (await store.read(name, options)).map((event) => (event.data as { n: number }).n);
    const fill = async (name: string, count: number) => {
      await store.append(
        name,
        'no-stream',
        Array.from({ length: count }, (_, n) => sampleEvent({ n })),
      );
    };

    test('a stream that nobody wrote is empty', async () => {
      expect(await store.read(stream())).toEqual([]);
    });

    test('gives back what was appended, with its stream and revisions from 0', async () => {
      const name = stream();
      const first = {
        ...sampleEvent({ text: 'ä漢\u{1F511}"\\\n', deep: [{ n: 1.5 }, null, true] }),
        traceparent: '00-a-b-01',
      };
      const { subject: _, ...second } = sampleEvent();
      expect(await store.append(name, 'no-stream', [first, second])).toBe(1);
      expect(await store.read(name)).toEqual([
        { ...first, stream: name, revision: 0 },
        { ...second, stream: name, revision: 1 },
      ]);
    });

    test('keeps an event of 64 KiB', async () => {
      const name = stream();
      await store.append(name, 'no-stream', [sampleEvent({ text: 'x'.repeat(65_536) })]);
      expect((await store.read(name))[0]!.data).toEqual({ text: 'x'.repeat(65_536) });
    });

    test('appends at the revision expected', async () => {
      const name = stream();
      expect(await store.append(name, 'no-stream', [sampleEvent({ n: 0 })])).toBe(0);
      expect(await store.append(name, 0, [sampleEvent({ n: 1 }), sampleEvent({ n: 2 })])).toBe(2);
      expect(await store.append(name, 2, [sampleEvent({ n: 3 })])).toBe(3);
      expect(await numbers(name)).toEqual([0, 1, 2, 3]);
    });

    test.each([
      ['no-stream where there is one', 'no-stream', 1, 0],
      ['a revision that is past', 0, 2, 1],
      ['a revision that is not yet', 7, 1, 0],
      ['a revision of no stream', 0, 0, 'no-stream'],
    ] as const)('refuses %s, and appends nothing', async (_, expected, existing, actual) => {
      const name = stream();
      if (existing > 0) await fill(name, existing);
      const refused = store.append(name, expected, [sampleEvent(), sampleEvent()]);
      await expect(refused).rejects.toBeInstanceOf(WrongExpectedRevision);
      await expect(refused).rejects.toMatchObject({ stream: name, expected, actual });
      expect(await store.read(name)).toHaveLength(existing);
    });

    test('of fifty appends at one revision exactly one wins', async () => {
      const name = stream();
      await fill(name, 1);
      const tries = await Promise.allSettled(
        Array.from({ length: 50 }, (_, n) => store.append(name, 0, [sampleEvent({ n })])),
      );
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      for (const one of tries) {
        if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(WrongExpectedRevision);
      }
      expect(await store.read(name)).toHaveLength(2);
    });

    test('of fifty appends to no stream exactly one wins', async () => {
      const name = stream();
      const tries = await Promise.allSettled(
        Array.from({ length: 50 }, () => store.append(name, 'no-stream', [sampleEvent(), sampleEvent()])),
      );
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      expect(await store.read(name)).toHaveLength(2);
    });

    test('appends to different streams do not disturb one another', async () => {
      const all = Array.from({ length: 40 }, stream);
      await Promise.all(all.map((name, n) => store.append(name, 'no-stream', [sampleEvent({ n })])));
      await Promise.all(all.map((name, n) => store.append(name, 0, [sampleEvent({ n: n + 1 })])));
      for (const [n, name] of all.entries()) expect(await numbers(name)).toEqual([n, n + 1]);
    });

    test('the same events appended again at the same revision succeed, once recorded', async () => {
      const name = stream();
      const [first, second] = [sampleEvent({ n: 0 }), sampleEvent({ n: 1 })];
      await store.append(name, 'no-stream', [first]);
      await store.append(name, 0, [second]);
      expect(await store.append(name, 'no-stream', [first])).toBe(0);
      expect(await store.append(name, 0, [second])).toBe(1);
      expect(await numbers(name)).toEqual([0, 1]);
    });

    test('refuses an event id that stands there with other content', async () => {
      const name = stream();
      const event = sampleEvent({ n: 0 });
      await store.append(name, 'no-stream', [event]);
      await expect(store.append(name, 'no-stream', [{ ...event, data: { n: 1 } }])).rejects.toBeInstanceOf(
        EventIdReused,
      );
      expect(await numbers(name)).toEqual([0]);
    });

    test('reads pages forwards and backwards', async () => {
      const name = stream();
      await fill(name, 5);
      expect(await numbers(name, { limit: 2 })).toEqual([0, 1]);
      expect(await numbers(name, { from: 3 })).toEqual([3, 4]);
      expect(await numbers(name, { from: 5 })).toEqual([]);
      expect(await numbers(name, { direction: 'backwards', limit: 2 })).toEqual([4, 3]);
      expect(await numbers(name, { direction: 'backwards', from: 2 })).toEqual([2, 1, 0]);
      expect(await numbers(name, { direction: 'backwards', from: 99, limit: 1 })).toEqual([4]);
    });

    test('names that are alike are different streams', async () => {
      const name = stream();
      await store.append(name, 'no-stream', [sampleEvent({ n: 1 })]);
      await store.append(name.toUpperCase(), 'no-stream', [sampleEvent({ n: 2 })]);
      await store.append(`${name}x`, 'no-stream', [sampleEvent({ n: 3 })]);
      expect(await numbers(name)).toEqual([1]);
    });

    test('the whole log gives every event once, in the order of each stream, and goes on from a position', async () => {
      const [a, b] = [stream(), stream()];
      await store.append(a, 'no-stream', [sampleEvent({ n: 0 }), sampleEvent({ n: 1 })]);
      await store.append(b, 'no-stream', [sampleEvent({ n: 0 })]);
      await store.append(a, 1, [sampleEvent({ n: 2 })]);
      const seen = new Map<string, number[]>();
      let after: string | undefined;
      for (;;) {
        const page = await store.readAll(after, 7);
        if (page.length === 0) break;
        for (const event of page) {
          expect(typeof event.position).toBe('string');
          seen.set(event.stream, [...(seen.get(event.stream) ?? []), event.revision]);
        }
        after = page.at(-1)!.position!;
      }
      expect(seen.get(a)).toEqual([0, 1, 2]);
      expect(seen.get(b)).toEqual([0]);
      await store.append(b, 0, [sampleEvent({ n: 1 })]);
      const news = await store.readAll(after, 7);
      expect(news.map((event) => [event.stream, event.revision])).toEqual([[b, 1]]);
    });

    test('the whole log gives only what a reader wants of it, by type and by what the data say', async () => {
      const from = await store.end();
      await store.append(stream(), 'no-stream', [
        typed('CodeUsed', { method: 'paper', n: 0 }),
        typed('CodeUsed', { method: 'app', n: 1 }),
        typed('CodesMade', { n: 2 }),
        typed('CodeUsed', { method: "pa'per", n: 3 }),
      ]);
      const read = async (...filters: EventFilter[]) =>
        (await store.readAll(from, 10, filters)).map(({ data }) => (data as { n: number }).n);
      expect(await read({ type: 'CodeUsed' })).toEqual([0, 1, 3]);
      expect(await read({ type: 'CodeUsed', where: { method: 'paper' } }, { type: 'CodesMade' })).toEqual([
        0, 2,
      ]);
      expect(await read({ type: 'CodeUsed', where: { method: "pa'per" } })).toEqual([3]);
      expect(await read({ type: 'CodeUsed', where: { place: 'paper' } }, { type: 'Never' })).toEqual([]);
    });

    test('knows its end, how far a position is behind it, and tells of every append', async () => {
      const from = await store.end();
      let told = 0;
      const forget = store.onAppended(() => told++);
      await store.append(stream(), 'no-stream', [sampleEvent(), sampleEvent()]);
      await new Promise(setImmediate);
      expect(told).toBeGreaterThan(0);
      expect(await store.countAfter(from)).toBe(2);
      const [first] = await store.readAll(from, 1);
      expect(await store.countAfter(first!.position)).toBe(1);
      const end = await store.end();
      expect(await store.countAfter(end)).toBe(0);
      expect(await store.readAll(end, 10)).toEqual([]);
      forget();
      const before = told;
      await store.append(stream(), 'no-stream', [sampleEvent()]);
      expect(told).toBe(before);
    });

    test('tells of some types alone where they are named', async () => {
      const told = { ofAll: 0, ofSome: 0 };
      const forget = [
        store.onAppended(() => told.ofAll++),
        store.onAppended(() => told.ofSome++, ['CodeUsed']),
      ];
      const untilTold = async (who: keyof typeof told) => {
        for (let waited = 0; told[who] === 0 && waited < PATIENCE; waited += LOOK_EVERY)
          await sleep(LOOK_EVERY);
        expect(told[who]).toBeGreaterThan(0);
      };
      await store.append(stream(), 'no-stream', [typed('CodesMade', { n: 0 })]);
      await untilTold('ofAll');
      expect(told.ofSome).toBe(0);
      await store.append(stream(), 'no-stream', [typed('CodesMade', { n: 1 }), typed('CodeUsed', { n: 2 })]);
      await untilTold('ofSome');
      for (const end of forget) end();
    });

    test('knows when its last event was decided', async () => {
      const time = 1_900_000_000_000 + names;
      await store.append(stream(), 'no-stream', [{ ...sampleEvent(), time }]);
      expect(await store.newestTime()).toBe(time);
    });

    test('everything is there when the store is opened again, and revisions go on', async () => {
      const name = stream();
      await fill(name, 3);
      store = await under.reopen();
      expect(await numbers(name)).toEqual([0, 1, 2]);
      await expect(store.append(name, 1, [sampleEvent()])).rejects.toBeInstanceOf(WrongExpectedRevision);
      expect(await store.append(name, 2, [sampleEvent({ n: 3 })])).toBe(3);
    });
  });
}
