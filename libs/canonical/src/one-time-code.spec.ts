import fc from 'fast-check';
import { readOneTimeCode } from './index.ts';
import { NOT_ONE_TIME_CODES, ONE_TIME_CODES } from './testing/index.ts';

describe('a one-time code', () => {
  test.each(ONE_TIME_CODES)('is read: $source ($typed)', ({ typed }) => {
    expect(readOneTimeCode(typed, 6)).toBe('123456');
  });

  test.each(NOT_ONE_TIME_CODES)('is not read out of: $source ($typed)', ({ typed }) => {
    expect(readOneTimeCode(typed, 6)).toBeUndefined();
  });

  test('is read from the middle of a message', () => {
    expect(readOneTimeCode('G-123456', 6)).toBe('123456');
    expect(readOneTimeCode('Your code is 123 456.', 6)).toBe('123456');
    expect(readOneTimeCode('3. 12345678', 8)).toBe('12345678');
  });

  test('is digits and nothing else, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        expect(readOneTimeCode(typed, 6) ?? '000000').toMatch(/^\d{6}$/);
      }),
    );
  });
});
