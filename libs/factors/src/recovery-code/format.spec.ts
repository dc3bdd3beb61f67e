import { NOT_RECOVERY_CODES, RECOVERY_CODES } from '@sparekey/canonical/testing';
import fc from 'fast-check';
import { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from './format.ts';

describe('a recovery code', () => {
  const code = formatRecoveryCode(
    7,
    Uint8Array.from([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]),
  );

  test('shows its number and four groups of four', () => {
    expect(code).toBe('07-0123-4567-89AB-CDEF');
  });

  test.each(RECOVERY_CODES)('is read as people type and paste it: $source ($typed)', ({ typed }) => {
    expect(parseRecoveryCode(typed)).toEqual({ number: 7, symbols: '0123456789ABCDEF' });
  });

  test.each(NOT_RECOVERY_CODES)('is not read out of: $source ($typed)', ({ typed }) => {
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
