/** Shows nothing: spaces of no width, marks of direction and joining, selectors, control characters. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/gu;
const DECIMAL = /\p{Nd}/u;

/** Without what nobody sees. Line ends and tabs become spaces first: they keep words apart. */
export const withoutInvisible = (text: string): string =>
  text.replaceAll(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replaceAll(INVISIBLE, '');

/**
 * Digits of every script as 0–9. Only decimal digits (general category Nd), which Unicode keeps in rows of ten that begin
 * with zero; superscripts, circled and Roman numerals stand for no digit of a code.
 */
export function withAsciiDigits(text: string): string {
  return [...text]
    .map((character) => (DECIMAL.test(character) ? String(digitValue(character)) : character))
    .join('');
}

function digitValue(character: string): number {
  const point = character.codePointAt(0)!;
  let before = 0;
  while (DECIMAL.test(String.fromCodePoint(point - before - 1))) before++;
  return before % 10;
}

/** What stands between and around the symbols of a code: punctuation, spaces, symbols, marks, modifier letters (ʼ, ー). */
const SEPARATORS = /(?:[^\p{L}\p{N}]|\p{Lm})+/gu;

/** The words and numbers of a text, without anything between them, digits in ASCII. */
export const wordsOf = (text: string): string[] =>
  withAsciiDigits(withoutInvisible(text)).split(SEPARATORS).filter(Boolean);
