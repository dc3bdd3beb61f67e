import { Handles } from './handles.ts';
import { generateMasterKeys, readMasterKeys, withHandleKeys } from './master-keys.ts';

const masters = readMasterKeys(generateMasterKeys());

describe('handles', () => {
  const handles = new Handles(masters);
  const handle = handles.seal('challenge', ['acme', 'ada', 'c-1']);

  test('open as what they were sealed for', () => {
    expect(handles.open('challenge', handle)).toEqual(['acme', 'ada', 'c-1']);
    expect(handle).toMatch(/^skc_1\./);
  });

  test('open as nothing else', () => {
    expect(handles.open('result-code', handle)).toBeUndefined();
    expect(handles.open('result-code', handle.replace('skc_', 'skr_'))).toBeUndefined();
    expect(handles.open('notice', handle.replace('skc_', 'skn_'))).toBeUndefined();
    expect(new Handles(readMasterKeys(generateMasterKeys())).open('challenge', handle)).toBeUndefined();
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
    expect(handles.open('challenge', text)).toBeUndefined();
  });

  test('are made only by who has the key of their kind', () => {
    const ofNotices = new Handles(new Map([['notice', masters.get('notice')!]]));
    expect(ofNotices.open('notice', ofNotices.seal('notice', ['acme']))).toEqual(['acme']);
    expect(() => ofNotices.seal('challenge', ['acme'])).toThrow('no master key of class challenge');
    expect(() => ofNotices.open('challenge', handle)).toThrow('no master key of class challenge');
  });

  test('are each sealed under a key of its own', () => {
    const salts = Array.from({ length: 100 }, () => handles.seal('challenge', ['c']).slice(6, 27));
    expect(new Set(salts).size).toBe(100);
    const other = handle[8] === 'A' ? 'B' : 'A'; // of the salt
    expect(handles.open('challenge', `${handle.slice(0, 8)}${other}${handle.slice(9)}`)).toBeUndefined();
  });

  test('keep to one key for all kinds where a list has one, which derives those of each', () => {
    const old = generateMasterKeys()
      .replaceAll(/^(browser|notice)\..*\n/gm, '')
      .replace('challenge.1', 'handle.1');
    expect(old).toMatch(/^handle\.1=[A-Za-z0-9_-]{43}$/m);
    const [once, again] = [
      new Handles(readMasterKeys(old)),
      new Handles(readMasterKeys(withHandleKeys(old))),
    ];
    expect(again.open('notice', once.seal('notice', ['acme']))).toEqual(['acme']);
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
      `${handle}=`,
      `${handle} `,
      handle.replace('.', '.='),
      `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`,
    ]) {
      expect(handles.open('challenge', other)).toBeUndefined();
    }
  });
});
