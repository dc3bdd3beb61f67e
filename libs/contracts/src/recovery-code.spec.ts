import fc from 'fast-check';
import { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from './index.ts';

describe('a recovery code', () => {
  const code = formatRecoveryCode(
    7,
    Uint8Array.from([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]),
  );

  test('shows its number and four groups of four', () => {
    expect(code).toBe('07-0123-4567-89AB-CDEF');
  });

  test.each([
    '7 0123456789abcdef',
    ' 07-oi23-4567-89ab-cdef ',
    '07–0l23—4567‐89AB CDEF',
    '０７-0123-4567-89AB-CDEF',
  ])('is read as people type it: %j', (typed) => {
    expect(parseRecoveryCode(typed)).toEqual({ number: 7, symbols: '0123456789ABCDEF' });
  });

  test.each([
    '',
    '0123-4567-89AB-CDEF',
    '07-0123-4567-89AB-CDE',
    '07-0123-4567-89AB-CDEFG',
    '07-U123-4567-89AB-CDEF',
    'x'.repeat(200),
  ])('is not read out of %j', (typed) => {
    expect(parseRecoveryCode(typed)).toBeUndefined();
  });

  test('every code is read back as itself, and different bytes are different codes', () => {
    const bytes = fc.uint8Array({ minLength: RECOVERY_CODE_BYTES, maxLength: RECOVERY_CODE_BYTES });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), bytes, bytes, (number, one, other) => {
        const symbols = (of: Uint8Array) => parseRecoveryCode(formatRecoveryCode(number, of))!.symbols;
        expect(parseRecoveryCode(formatRecoveryCode(number, one))!.number).toBe(number);
        expect(symbols(one) === symbols(other)).toBe(Buffer.compare(one, other) === 0);
      }),
    );
  });
});
