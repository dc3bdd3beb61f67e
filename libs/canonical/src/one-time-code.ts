import { wordsOf } from './spelling.ts';

/** What people paste is longer than a code, but not by much. */
export const LONGEST_TYPED_CODE = 256;

/**
 * The digits of a one-time code as people type and paste them: with spaces and dashes, quotes and full stops, invisible
 * marks, digits of any script, and a number of a list or a word of a message copied along (`G-123456`).
 *
 * @param digits how many the code has
 * @returns ASCII digits; nothing where it can be no such code, so that no try needs to be spent on it
 */
export function readOneTimeCode(typed: string, digits: number): string | undefined {
  if (typed.length > LONGEST_TYPED_CODE) return undefined;
  const words = wordsOf(typed);
  const isNumber = (word: string) => /^\d+$/.test(word);
  const first = words.findIndex(isNumber);
  const last = words.findLastIndex(isNumber);
  if (first === -1 || words.some((word) => /\p{N}/u.test(word) && !isNumber(word))) return undefined;
  const between = words.slice(first, last + 1);
  if (!between.every(isNumber)) return undefined; // two numbers with words between them: which is it?
  const whole = between.join('');
  if (whole.length === digits) return whole;
  const listed = between.slice(1).join('');
  return /^\s*\p{P}?\s*\p{Nd}{1,2}[.):\]]\s/u.test(typed) && listed.length === digits ? listed : undefined;
}
