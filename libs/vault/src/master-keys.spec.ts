import { readMasterKeys, readPeppers } from './master-keys.ts';

describe('lists of keys', () => {
  const [key, other, third] = ['A', 'B', 'C'].map((letter) => `${letter}0`.repeat(21) + 'A') as [
    string,
    string,
    string,
  ];
  test.each([
    ['an entry without a key', 'factor.1='],
    ['a short key', 'factor.1=AAAA'],
    ['an unknown class', `other.1=${key}`],
    ['the same version twice', `factor.1=${key}, factor.1=${key}`],
    ['version 0', `factor.0=${key}`],
    ['a key of nothing but zeros', `factor.1=${'A'.repeat(43)}`],
    ['a key of one repeated byte', `factor.1=${Buffer.alloc(32, 7).toString('base64url')}`],
    ['one key for two classes', `factor.1=${key}, codes.1=${key}`],
    ['one key for two versions', `factor.1=${key}, factor.2=${key}`],
  ])('are refused for %s, without showing it', (_, text) => {
    expect(() => readMasterKeys(text)).toThrow(expect.objectContaining({ name: 'KeyListFault' }));
    expect(() => readMasterKeys(text)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(key) }),
    );
  });

  test('put the newest version first', () => {
    expect(
      readPeppers(`pepper.1=${key} pepper.10=${other}\n# old\npepper.2=${third}`).map(
        ({ version }) => version,
      ),
    ).toEqual([10, 2, 1]);
    expect(() => readPeppers('')).toThrow(expect.objectContaining({ name: 'KeyListFault' }));
  });
});
