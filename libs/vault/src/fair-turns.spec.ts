import { setImmediate as soon } from 'node:timers/promises';
import { FairTurns, TooManyWaiting } from './fair-turns.ts';

/** Work that is begun in the order in which turns come, and ends when it is let go. */
function bench(atOnce: number, most: number) {
  const turns = new FairTurns<'check' | 'make'>(atOnce, most);
  const begun: string[] = [];
  const turnedAway: string[] = [];
  const running: (() => void)[] = [];
  const ask = (lane: 'check' | 'make', asker: string, name = asker) =>
    void turns
      .run(lane, asker, () => {
        begun.push(name);
        return new Promise<void>((resolve) => running.push(resolve));
      })
      .catch((error: unknown) => {
        expect(error).toBeInstanceOf(TooManyWaiting);
        turnedAway.push(name);
      });
  const finish = async () => {
    await soon();
    for (let end = running.shift(); end; end = running.shift()) {
      end();
      await soon();
    }
  };
  return { ask, begun, turnedAway, finish };
}

describe('slow work', () => {
  test('of whoever asks for much lets the others through after one turn', async () => {
    const { ask, begun, finish } = bench(1, 100);
    for (let n = 0; n < 20; n++) ask('check', 'flood', `flood ${n}`);
    ask('check', 'ada');
    ask('check', 'grace');
    await finish();
    expect(begun.slice(0, 4)).toEqual(['flood 0', 'flood 1', 'ada', 'grace']);
    expect(begun).toHaveLength(22);
  });

  test('of one lane does not hold up another', async () => {
    const { ask, begun, finish } = bench(1, 100);
    for (let n = 0; n < 50; n++) ask('make', `asker ${n}`);
    ask('check', 'ada');
    await finish();
    expect(begun.indexOf('ada')).toBeLessThanOrEqual(2);
  });

  test('is bounded, and the room is taken from whoever waits for most', async () => {
    const { ask, begun, turnedAway, finish } = bench(1, 10);
    for (let n = 0; n < 12; n++) ask('check', 'flood', `flood ${n}`); // one runs, ten wait
    expect(turnedAway).toEqual([]);
    for (const name of ['ada', 'grace', 'alan']) ask('check', name);
    await soon();
    expect(turnedAway.sort()).toEqual(['flood 10', 'flood 11', 'flood 8', 'flood 9']);
    await finish();
    expect(begun).toEqual(expect.arrayContaining(['ada', 'grace', 'alan']));
    expect(begun).toHaveLength(11);
  });

  test('is turned away where everybody waits for one thing, and is found out at once', async () => {
    const { ask, turnedAway, finish } = bench(1, 3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) ask('check', name);
    await soon();
    expect(turnedAway).toEqual(['e']);
    await finish();
  });

  test('that fails gives its place to the next', async () => {
    const turns = new FairTurns<'only'>(1, 5);
    const fails = turns.run('only', 'a', () => Promise.reject(new Error('broken')));
    const next = turns.run('only', 'b', () => Promise.resolve('done'));
    await expect(fails).rejects.toThrow('broken');
    await expect(next).resolves.toBe('done');
    await expect(turns.run('only', 'c', () => Promise.resolve('free'))).resolves.toBe('free');
  });
});
