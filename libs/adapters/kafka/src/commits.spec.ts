import { setTimeout as sleep } from 'node:timers/promises';
import { Commits } from './commits.ts';

/** A consumer that has come to a place, as kafkajs tells it. */
function consumer(every?: number) {
  let [handled, failures] = [0, 0];
  const committed: number[] = [];
  const offsets = () => ({
    topics: [{ topic: 'said', partitions: [{ partition: 0, offset: String(handled) }] }],
  });
  const batch = {
    uncommittedOffsets: offsets,
    commitOffsetsIfNecessary: async (given?: ReturnType<typeof offsets>) => {
      if (failures-- > 0) throw new Error('the coordinator is away');
      committed.push(Number(given!.topics[0]!.partitions[0]!.offset));
      afterwards();
    },
  };
  const troubles: string[] = [];
  let afterwards = () => undefined as void;
  const commits = new Commits((cause) => troubles.push(cause), every);
  return {
    commits,
    troubles,
    committed,
    handle: () => {
      handled++;
      commits.soon(batch);
    },
    fail: (times: number) => (failures = times),
    then: (next: () => void) => (afterwards = next),
  };
}

test('after a pause a batch is committed at once, and many in a row together, the last of them too', async () => {
  const { commits, committed, handle } = consumer();
  handle();
  await sleep(20);
  expect(committed).toEqual([1]);
  for (let n = 0; n < 20; n++) {
    handle();
    await sleep(5);
  }
  await sleep(400);
  expect(committed.at(-1)).toBe(21);
  expect(committed.length).toBeLessThanOrEqual(3);
  handle();
  await sleep(20);
  expect(committed.at(-1)).toBe(22);
  await commits.stop();
});

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  'a batch just after a commit (%d turns) is not forgotten',
  async (turns) => {
    const { commits, committed, handle, then } = consumer(5);
    then(async () => {
      then(() => undefined);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      handle();
    });
    handle();
    await sleep(100);
    expect(committed).toEqual([1, 2]);
    await commits.stop();
  },
);

test('a commit that failed is made again, although no other batch comes', async () => {
  const { commits, committed, handle, fail } = consumer();
  fail(1);
  handle();
  await sleep(1_000);
  expect(committed).toEqual([1]);
  await commits.stop();
});

test('a commit that fails for good is told, and made with the next batch', async () => {
  const { commits, committed, troubles, handle, fail } = consumer(5);
  fail(6);
  handle();
  while (troubles.length === 0) await sleep(10);
  expect(troubles).toEqual(['the coordinator is away']);
  handle();
  await commits.stop();
  expect(committed).toEqual([2]);
});

test('before a group is shared out anew what is handled is committed, and who begins anew has nothing to commit', async () => {
  const { commits, committed, handle, fail } = consumer();
  handle();
  await sleep(20);
  handle();
  commits.now();
  await sleep(20);
  expect(committed).toEqual([1, 2]);
  fail(1);
  handle();
  commits.forget();
  await sleep(600);
  await commits.stop();
  expect(committed).toEqual([1, 2]);
});

test('who stops has committed what was handled, and waits for nothing', async () => {
  const { commits, committed, handle } = consumer();
  handle();
  await sleep(20);
  handle();
  const began = performance.now();
  await commits.stop();
  expect(performance.now() - began).toBeLessThan(200);
  expect(committed).toEqual([1, 2]);
  await commits.stop();
  expect(committed).toEqual([1, 2]);
});
