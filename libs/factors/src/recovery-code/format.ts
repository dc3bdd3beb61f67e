import { LONGEST_TYPED_CODE, wordsOf } from '@sparekey/canonical';

/**
 * How a recovery code looks: its number in the set, then 80 random bits in four groups, in Crockford's Base32 alphabet,
 * which leaves out what is easily taken for something else: `07-4MZ2-XK9R-0TQW-H3VB`.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random bytes that one code is made of (NIST SP 800-63B-4 §3.1.2.1 asks for at least 64 bits where not throttled). */
export const RECOVERY_CODE_BYTES = 10;

/** @param number from 1 @param bytes {@link RECOVERY_CODE_BYTES} of them */
export function formatRecoveryCode(number: number, bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const symbols = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]!);
  const groups = symbols.join('').match(/.{4}/g)!;
  return [String(number).padStart(2, '0'), ...groups].join('-');
}

export interface RecoveryCode {
  /** From 1: picks the one record that it is compared with. */
  readonly number: number;
  /** The sixteen symbols, in normal form: what is hashed. */
  readonly symbols: string;
}

/**
 * Reads a code as people type and paste it: any case, digits of any script, look-alikes taken for what they look like, with
 * spaces, dashes, quotes, invisible marks and the number of a list copied along.
 *
 * @returns nothing where it cannot be a recovery code, so that no try needs to be spent on it
 */
export function parseRecoveryCode(typed: string): RecoveryCode | undefined {
  if (typed.length > LONGEST_TYPED_CODE) return undefined;
  const words = wordsOf(typed).map(withoutLookAlikes);
  return read(words) ?? (/^\d{1,2}$/.test(words[0] ?? '') ? read(words.slice(1)) : undefined);
}

const withoutLookAlikes = (word: string): string =>
  word.normalize('NFKC').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');

function read(words: readonly string[]): RecoveryCode | undefined {
  const match = /^(0?[1-9]|1[0-6])([0-9A-HJKMNP-TV-Z]{16})$/.exec(words.join(''));
  return match ? { number: Number(match[1]), symbols: match[2]! } : undefined;
}
