import { SealedTokens, type SealedTokenKind } from './sealed-tokens.ts';
import { generateMasterKeys, readMasterKeys, withHandleKeys } from './master-keys.ts';

const masters = readMasterKeys(generateMasterKeys());

const CHALLENGE: SealedTokenKind = { name: 'challenge', prefix: 'skc_', keys: 'challenge' };
const RESULT_CODE: SealedTokenKind = { name: 'result-code', prefix: 'skr_', keys: 'challenge' };
const NOTICE: SealedTokenKind = { name: 'notice', prefix: 'skn_', keys: 'notice' };

describe('sealed tokens', () => {
  const tokens = new SealedTokens(masters);
  const token = tokens.seal(CHALLENGE, ['acme', 'ada', 'c-1']);

  test('open as what they were sealed for', () => {
    expect(tokens.open(CHALLENGE, token)).toEqual(['acme', 'ada', 'c-1']);
    expect(token).toMatch(/^skc_1\./);
  });

  test('open as nothing else', () => {
    expect(tokens.open(RESULT_CODE, token)).toBeUndefined();
    expect(tokens.open(RESULT_CODE, token.replace('skc_', 'skr_'))).toBeUndefined();
    expect(tokens.open(NOTICE, token.replace('skc_', 'skn_'))).toBeUndefined();
    expect(new SealedTokens(readMasterKeys(generateMasterKeys())).open(CHALLENGE, token)).toBeUndefined();
  });

  test.each([
    '',
    'skc_',
    'skc_1.',
    'skc_2.AAAA',
    `skc_1.${'A'.repeat(40)}`,
    'skc_.',
    '../../etc',
    'skc_1.%00',
  ])('are not %j', (text) => {
    expect(tokens.open(CHALLENGE, text)).toBeUndefined();
  });

  test('are made only by who has the key of their kind', () => {
    const ofNotices = new SealedTokens(new Map([['notice', masters.get('notice')!]]));
    expect(ofNotices.open(NOTICE, ofNotices.seal(NOTICE, ['acme']))).toEqual(['acme']);
    expect(() => ofNotices.seal(CHALLENGE, ['acme'])).toThrow('no master key of class challenge');
    expect(() => ofNotices.open(CHALLENGE, token)).toThrow('no master key of class challenge');
  });

  test('are each sealed under a key of its own', () => {
    const salts = Array.from({ length: 100 }, () => tokens.seal(CHALLENGE, ['c']).slice(6, 27));
    expect(new Set(salts).size).toBe(100);
    const other = token[8] === 'A' ? 'B' : 'A'; // of the salt
    expect(tokens.open(CHALLENGE, `${token.slice(0, 8)}${other}${token.slice(9)}`)).toBeUndefined();
  });

  test('keep to one key for all kinds where a list has one, which derives those of each', () => {
    const old = generateMasterKeys()
      .replaceAll(/^(browser|notice)\..*\n/gm, '')
      .replace('challenge.1', 'handle.1');
    expect(old).toMatch(/^handle\.1=[A-Za-z0-9_-]{43}$/m);
    const [once, again] = [
      new SealedTokens(readMasterKeys(old)),
      new SealedTokens(readMasterKeys(withHandleKeys(old))),
    ];
    expect(again.open(NOTICE, once.seal(NOTICE, ['acme']))).toEqual(['acme']);
    const keys = ['challenge', 'browser', 'notice'].map((name) =>
      readMasterKeys(old)
        .get(name as 'notice')![0]!
        .key.export()
        .toString('hex'),
    );
    expect(new Set(keys).size).toBe(3);
    const zero = old.replace(/^(handle\.1=).*$/m, `$1${'A'.repeat(43)}`);
    expect(() => readMasterKeys(zero)).toThrow('no random key');
  });

  test('have one spelling', () => {
    for (const other of [
      `${token}=`,
      `${token} `,
      token.replace('.', '.='),
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
    ]) {
      expect(tokens.open(CHALLENGE, other)).toBeUndefined();
    }
  });
});
