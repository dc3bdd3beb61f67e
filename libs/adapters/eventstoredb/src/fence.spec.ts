import { LOOK_LASTS, lookAnew, withOneLook } from '@sparekey/event-sourcing';
import { Fence } from './fence.ts';

/** Looks that end when a test says so. */
function looks() {
  const begun: PromiseWithResolvers<bigint | undefined>[] = [];
  const fence = new Fence({
    look: () => {
      begun.push(Promise.withResolvers());
      return begun.at(-1)!.promise;
    },
    reached: async () => true,
  });
  return { begun, fence, end: (n: number) => begun[n]!.resolve(1n) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks while a look is under way waits for the next one, and all who wait share it', async () => {
  const { begun, fence, end } = looks();
  const first = fence.pass();
  const others = [fence.pass(), fence.pass(), fence.pass()];
  let passed = 0;
  for (const other of others) void other.then(() => passed++);
  end(0);
  await first;
  await turn();
  expect([begun.length, passed]).toEqual([2, 0]);
  end(1);
  await Promise.all(others);
  expect([begun.length, passed]).toEqual([2, 3]);
});

test('a look that fails fails for those who shared it, and for nobody else', async () => {
  const { begun, fence, end } = looks();
  const first = fence.pass();
  const second = fence.pass();
  begun[0]!.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await turn();
  end(1);
  expect(await second).toBe(true);
});

test('who has waited long for a look that fails does not wait for another', async () => {
  const { begun, fence } = looks();
  const first = fence.pass();
  const second = fence.pass();
  await new Promise((resolve) => setTimeout(resolve, 1_010));
  begun[0]!.reject(new Error('does not answer'));
  await expect(first).rejects.toThrow('does not answer');
  await expect(second).rejects.toThrow('does not answer');
  expect(begun).toHaveLength(1);
  void fence.pass(); // who asks now has not waited yet
  expect(begun).toHaveLength(2);
});

test('one piece of work looks once, unless it says that it looks anew, or takes long', async () => {
  const { begun, fence } = looks();
  await withOneLook(async () => {
    const pass = async (count: number) => {
      const passing = fence.pass();
      expect(begun).toHaveLength(count);
      begun.at(-1)!.resolve(1n);
      await passing;
      await turn();
    };
    await pass(1);
    await pass(1);
    lookAnew();
    await pass(2);
    await new Promise((resolve) => setTimeout(resolve, LOOK_LASTS + 10));
    await pass(3);
  });
});

test('two pieces of work share nothing that was taken before the second began', async () => {
  const { begun, fence, end } = looks();
  const first = withOneLook(() => fence.pass());
  end(0);
  await first;
  await turn();
  void withOneLook(() => fence.pass());
  expect(begun).toHaveLength(2);
});
