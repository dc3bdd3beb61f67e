/** Longest name, in characters as a reader counts them (UAX 29, extended grapheme clusters). */
export const LONGEST_NAME = 128;
/** In code points: nobody's name needs more, and nobody stores more under it. */
export const LONGEST_NAME_POINTS = 512;

const VISIBLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/** Sequences that Unicode recommends for display: their joiners, selectors and tags hide nothing. */
const EMOJI = new RegExp('\\p{RGI_Emoji}', 'gv');
const [ZWNJ, ZWJ] = ['\u200c', '\u200d'];
/** A vowel killer: after it joiners choose the form of a conjunct (RFC 5892, appendices A.1 and A.2). */
const VIRAMA =
  /[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\ua806\ua8c4\ua953\ua9c0\uaaf6\uabed\u{10a3f}\u{11046}\u{1107f}\u{110b9}\u{11133}\u{11134}\u{111c0}\u{11235}\u{1134d}\u{11442}\u{114c2}\u{115bf}\u{1163f}\u{116b6}\u{1172b}]/u;
/** Scripts whose letters join: between them a non-joiner keeps two apart (RFC 5892, appendix A.1). */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Mandaic}\p{Script=Adlam}]/u;
const MARK = /\p{Mn}/u;
/** Variation selectors choose between forms of the character before them; after any other they would be hidden. */
const SELECTOR = /[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
const HAS_VARIANTS =
  /[\p{S}\p{Emoji}\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{Script=Phags_Pa}]/u;
/** Takes room and shows nothing. */
const BLANK = /[\p{Zs}\p{M}\u200c\u200d\u2800]/u;
/** UTS 39 section 5.4: more marks on one letter than any script stacks are there to cover what stands beside it. */
const MOST_MARKS = 4;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** NFC, with every kind of surrounding space gone. */
export const normalizeName = (text: string): string =>
  text.length > 4 * LONGEST_NAME_POINTS ? text : text.normalize('NFC').trim();

/**
 * The one type of names and free text: something to see, at most {@link LONGEST_NAME} characters, with the joiners that
 * scripts and emoji need, and without anything that reorders or hides what stands beside it.
 *
 * @param text normalized
 */
export function isName(text: string): boolean {
  if (text.length > 2 * LONGEST_NAME_POINTS || !text.isWellFormed()) return false;
  const points = [...text.replaceAll(EMOJI, '*')];
  const isBlank = points.every((point) => BLANK.test(point));
  if (isBlank || points.length > LONGEST_NAME_POINTS) return false;
  if (!points.every((_, at) => isShown(points, at)) || hasTooManyMarks(points)) return false;
  return [...segmenter.segment(text)].length <= LONGEST_NAME;
}

const isJoiner = (point: string) => point === ZWJ || point === ZWNJ;

function isShown(points: readonly string[], at: number): boolean {
  const [before = '', point = '', after = ''] = [points[at - 1], points[at], points[at + 1]];
  if (isJoiner(point)) {
    if (VIRAMA.test(before)) return true;
    return point === ZWNJ && JOINING.test(lastLetter(points, at)) && JOINING.test(after);
  }
  if (SELECTOR.test(point)) return HAS_VARIANTS.test(before);
  return VISIBLE.test(point) && !IGNORABLE.test(point);
}

function lastLetter(points: readonly string[], at: number): string {
  let back = at - 1;
  while (back >= 0 && MARK.test(points[back]!)) back--;
  return points[back] ?? '';
}

function hasTooManyMarks(points: readonly string[]): boolean {
  let marks = 0;
  return points.some(
    (point) => (marks = MARK.test(point) && !SELECTOR.test(point) ? marks + 1 : 0) > MOST_MARKS,
  );
}

/**
 * A name that somebody else vouches for, as far as it can be shown: what is too long is cut after a whole character; where
 * something cannot stand in a name, it is left out, and joiners with it.
 *
 * @returns nothing where nothing of it is left
 */
export function shownName(text: string): string | undefined {
  const spaced = text.slice(0, 4 * LONGEST_NAME_POINTS).replaceAll(/[\t\n\v\f\r]+/g, ' ');
  const whole = cut(normalizeName(spaced.toWellFormed()));
  if (isName(whole)) return whole;
  const plain = cut(normalizeName(withoutHidden(whole)));
  return isName(plain) ? plain : undefined;
}

function cut(name: string): string {
  const characters = [...segmenter.segment(name)].slice(0, LONGEST_NAME).map(({ segment }) => segment);
  while ([...characters.join('')].length > LONGEST_NAME_POINTS) characters.pop();
  return characters.join('').trim();
}

function withoutHidden(name: string): string {
  let marks = 0;
  const kept = [...name].filter((point) => {
    marks = MARK.test(point) ? marks + 1 : 0;
    return marks <= MOST_MARKS && VISIBLE.test(point) && !IGNORABLE.test(point);
  });
  return kept.join('');
}
