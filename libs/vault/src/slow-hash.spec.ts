import { generatePeppers, readPeppers } from './master-keys.ts';
import { SlowHash } from './slow-hash.ts';

describe('slow hashes', () => {
  const peppers = readPeppers(generatePeppers());
  const hash = new SlowHash(peppers);
  const turn = { lane: 'answer', asker: 'ada' } as const;

  test('match their text and no other', async () => {
    const digest = await hash.digest('0123456789ABCDEF', 'ada');
    expect(await hash.matches('0123456789ABCDEF', digest, turn)).toBe(true);
    expect(await hash.matches('0123456789ABCDEG', digest, turn)).toBe(false);
    expect(await hash.matches('0123456789ABCDEF', undefined, turn)).toBe(false);
  });

  test('are salted, and peppered by what is not stored beside them', async () => {
    const [one, other] = [await hash.digest('x', 'ada'), await hash.digest('x', 'ada')];
    expect(one.hash).not.toBe(other.hash);
    expect(await new SlowHash(readPeppers(generatePeppers())).matches('x', one, turn)).toBe(false);
  });

  test('stay good under an old pepper while a newer one is used', async () => {
    const digest = await hash.digest('x', 'ada');
    const newer = readPeppers(generatePeppers().replace('pepper.1', 'pepper.2'));
    const both = new SlowHash([...newer, ...peppers]);
    expect(await both.matches('x', digest, turn)).toBe(true);
    expect((await both.digest('x', 'ada')).pepper).toBe(2);
  });

  test('of many at once all come right', async () => {
    const digests = await Promise.all(Array.from({ length: 12 }, (_, n) => hash.digest(String(n), 'ada')));
    const matched = await Promise.all(digests.map((digest, n) => hash.matches(String(n), digest, turn)));
    expect(matched.every(Boolean)).toBe(true);
  });
});
