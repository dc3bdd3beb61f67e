import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Codec } from './codec.ts';
import { type DomainEvent, Refusal } from './decider.ts';
import { eventId } from './event-ids.ts';
import { StoreUnavailable, type EventStore } from './event-store.ts';
import { FoldCache } from './cache/fold-cache.ts';
import { hasMoved, type Fold } from './fold.ts';
import { Busy, createHandle, type Command } from './handle.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { eventStoreContract, MemoryEventStore } from './testing/index.ts';

type Added = DomainEvent<'Added', { n: number }>;

const accepts = () => true;
const codec = new Codec([
  { type: 'Added', version: 1, accepts },
  { type: 'Summary', version: 1, accepts },
]);
const sum: Fold<number> = {
  initialState: () => 0,
  evolve: (total, event) => (event.type === 'Added' ? total + (event.data as { n: number }).n : total),
};
const summed: Fold<number> = {
  ...sum,
  summary: {
    type: 'Summary',
    every: 10,
    understands: (data) => (data as { foldVersion: number }).foldVersion === 1,
    take: (total) => ({ type: 'Summary', data: { foldVersion: 1, total } }),
    restore: (data) => (data as { total: number }).total,
  },
};
const origin = {
  domain: 'acme',
  subject: 'ada',
  actor: { kind: 'user', id: 'ada' },
  correlationId: 'c-1',
} as const;
const clock = { now: () => performance.timeOrigin + performance.now() };
const random = { uuid: () => randomUUID(), bytes: () => new Uint8Array() };

function setUp(
  fold = sum,
  { deadline, queue = new KeyedQueue() }: { deadline?: number; queue?: KeyedQueue } = {},
) {
  const store = new MemoryEventStore();
  const cache = new FoldCache(store, codec, fold);
  const handle = createHandle({ clock, random, queue, ...(deadline !== undefined && { deadline }) });
  const add = (n: number, more: Partial<Command<number, Added>> = {}) =>
    handle({ stream: 's-1', cache, origin, attempt: async () => [{ type: 'Added', data: { n } }], ...more });
  return { store, cache, handle, add };
}

eventStoreContract('memory', async () => {
  const store = new MemoryEventStore();
  return { store, reopen: async () => store, close: async () => undefined };
});

describe('handling a command', () => {
  test('appends what was decided, and says what became of it', async () => {
    const { store, add } = setUp();
    await add(1);
    const outcome = await add(2);
    expect(outcome).toMatchObject({
      state: 3,
      revision: 1,
      events: [{ type: 'Added', data: { n: 2 }, revision: 1, stream: 's-1' }],
    });
    const [, second] = await store.read('s-1');
    expect(second).toMatchObject({ ...origin, version: 1, causationId: expect.any(String) });
    expect(second!.id).toBe(eventId(second!.causationId, 0));
  });

  test('appends nothing where nothing was decided or the command was refused', async () => {
    const { store, add } = setUp();
    expect(await add(1, { attempt: async () => [] })).toMatchObject({ revision: -1, events: [] });
    const refused = add(1, { attempt: async () => Promise.reject(new Refusal('locked')) });
    await expect(refused).rejects.toMatchObject({ code: 'locked' });
    expect(await store.read('s-1')).toEqual([]);
  });

  test('runs the commands of one stream one after another', async () => {
    const { add } = setUp();
    const seen: number[] = [];
    const attempt: Command<number, Added>['attempt'] = async ({ state }) => {
      seen.push(state);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return [{ type: 'Added', data: { n: 1 } }];
    };
    await Promise.all([1, 2, 3, 4].map((n) => add(n, { attempt })));
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  test('goes on with the next command when one was refused', async () => {
    const { add } = setUp();
    const refused = add(1, { attempt: async () => Promise.reject(new Refusal('locked')) });
    const next = add(2);
    await expect(refused).rejects.toBeInstanceOf(Refusal);
    expect((await next).state).toBe(2);
  });

  test('gathers everything anew after a conflict with another process', async () => {
    const { store, add } = setUp();
    const other = createHandle({ clock, random, queue: new KeyedQueue() });
    const theirs = new FoldCache(store, codec, sum);
    const seen: number[] = [];
    const outcome = await add(5, {
      attempt: async ({ state }) => {
        seen.push(state);
        if (seen.length === 1) {
          await other({
            stream: 's-1',
            cache: theirs,
            origin,
            attempt: async () => [{ type: 'Added', data: { n: 100 } }],
          });
        }
        return [{ type: 'Added', data: { n: 5 } }];
      },
    });
    expect(seen).toEqual([0, 100]);
    expect(outcome).toMatchObject({ state: 105, revision: 1 });
  });

  test('gives up when conflicts do not end before the deadline', async () => {
    const { store, add, cache } = setUp(sum, { deadline: 60 });
    const other = createHandle({ clock, random });
    const theirs = new FoldCache(store, codec, sum);
    const always: Command<number, Added>['attempt'] = async () => {
      await other({
        stream: 's-1',
        cache: theirs,
        origin,
        attempt: async () => [{ type: 'Added', data: { n: 1 } }],
      });
      return [{ type: 'Added', data: { n: 1_000 } }];
    };
    await expect(add(0, { attempt: always })).rejects.toBeInstanceOf(Busy);
    expect((await cache.load('s-1')).state).toBeLessThan(1_000);
  });

  test('finds its own events when the acknowledgement was lost, and writes them once', async () => {
    const { store, add } = setUp();
    await add(1);
    let lost = 0;
    store.afterAppend = () => {
      if (lost++ === 0) throw new StoreUnavailable('unknown', { cause: new Error('timeout') });
    };
    const outcome = await add(2);
    expect(outcome).toMatchObject({ state: 3, revision: 1, events: [{ data: { n: 2 } }] });
    expect(await store.read('s-1')).toHaveLength(2);
  });

  test('keeps nobody waiting for another try where an append was not answered for long', async () => {
    const { store, add } = setUp();
    const append = store.append.bind(store);
    let tries = 0;
    store.append = async (...call) => {
      tries++;
      await append(...call);
      await sleep(2_010);
      throw new StoreUnavailable('unknown', { cause: new Error('timeout') });
    };
    await expect(add(2)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(tries).toBe(1);
    store.append = append;
    expect((await add(3)).state).toBe(5); // what came to stand counts
  });

  test('writes them when the append of unknown outcome was lost', async () => {
    const { store, add } = setUp();
    let lost = 0;
    store.beforeAppend = () => {
      if (lost++ === 0) throw new StoreUnavailable('unknown', { cause: new Error('timeout') });
    };
    expect(await add(2)).toMatchObject({ state: 2, revision: 0 });
    expect(await store.read('s-1')).toHaveLength(1);
  });

  test('answers from what stands when the append of unknown outcome comes late, and it was decided anew meanwhile', async () => {
    const { store, add } = setUp();
    const append = store.append.bind(store);
    let late: (() => Promise<number>) | undefined;
    let tries = 0;
    store.append = async (...call) => {
      if (tries++ === 0) {
        late = () => append(...call);
        throw new StoreUnavailable('unknown', { cause: new Error('timeout') });
      }
      await late?.();
      late = undefined;
      return append(...call);
    };
    const decided = [2, 5];
    const attempt = async () => [{ type: 'Added' as const, data: { n: decided.shift() ?? 9 } }];
    const outcome = await add(0, { attempt });
    expect(await store.read('s-1')).toMatchObject([{ data: { n: 2 } }]);
    expect(outcome).toMatchObject({ state: 2, revision: 0, events: [{ data: { n: 2 } }] });
    expect((await add(1)).state).toBe(3);
  });

  test('says that ids are new only where they were made for this append and never sent', async () => {
    const { store, add } = setUp();
    const said: (boolean | undefined)[] = [];
    const append = store.append.bind(store);
    let lost = 0;
    (store as EventStore).append = async (stream, expected, events, options) => {
      said.push(options?.hasNewIds);
      if (lost-- > 0) throw new StoreUnavailable('unknown', { cause: new Error('timeout') });
      return append(stream, expected, events);
    };
    await add(1);
    await add(2, { commandId: randomUUID() });
    lost = 1;
    await add(3);
    expect(said).toEqual([true, false, true, false]);
  });

  test('passes on that nothing was appended, and goes on when the store is back', async () => {
    const { store, add } = setUp();
    store.beforeAppend = () => {
      throw new StoreUnavailable('not-appended', { cause: new Error('disk full') });
    };
    await expect(add(1)).rejects.toBeInstanceOf(StoreUnavailable);
    store.beforeAppend = () => undefined;
    expect((await add(2)).state).toBe(2);
  });
});

describe('a fold cache', () => {
  test('reads only what is new', async () => {
    const { store, cache, add } = setUp();
    for (let n = 0; n < 20; n++) await add(1);
    store.eventsRead = 0;
    expect(await cache.load('s-1')).toMatchObject({ state: 20, revision: 19 });
    expect(store.eventsRead).toBe(0);
  });

  test('sees what others append', async () => {
    const { store, add } = setUp();
    const reader = new FoldCache(store, codec, sum);
    await add(1);
    expect((await reader.load('s-1')).state).toBe(1);
    await add(2);
    expect((await reader.load('s-1')).state).toBe(3);
    expect(await hasMoved(store, 's-1', 0)).toBe(true);
    expect(await hasMoved(store, 's-1', 1)).toBe(false);
  });

  test('begins at the newest summary, whatever lies before it', async () => {
    const { store, add } = setUp(summed);
    for (let n = 0; n < 500; n++) await add(1);
    store.eventsRead = 0;
    expect((await new FoldCache(store, codec, summed).load('s-1')).state).toBe(500);
    expect(store.eventsRead).toBeLessThanOrEqual(30);
    expect((await new FoldCache(store, codec, sum).load('s-1')).state).toBe(500);
  });

  test('skips summaries of another fold, back to the beginning if need be', async () => {
    const { store, add } = setUp(summed);
    for (let n = 0; n < 55; n++) await add(1);
    const changed: Fold<number> = { ...summed, summary: { ...summed.summary!, understands: () => false } };
    expect((await new FoldCache(store, codec, changed).load('s-1')).state).toBe(55);
  });
});

test('event ids of one command are different, and the same each time', () => {
  const command = randomUUID();
  const ids = Array.from({ length: 300 }, (_, index) => eventId(command, index));
  expect(new Set(ids).size).toBe(300);
  expect(eventId(command, 299)).toBe(ids[299]);
  expect(ids[0]).toBe(command);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
