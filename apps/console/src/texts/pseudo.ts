const ACCENTED: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };

/** Between brackets, accented, and a third longer, as other languages are. */
function mark(text: string): string {
  const accented = text.replaceAll(/[aeiou]/g, (letter) => ACCENTED[letter]!);
  return `⟦${accented}${' ·'.repeat(Math.ceil(text.length / 6))}⟧`;
}

/**
 * A language that nobody speaks: whatever a page shows without brackets was written past the catalogues, and whatever does not
 * fit has no room for a longer language.
 */
export function pseudo<T>(texts: T): T {
  if (typeof texts === 'string') return mark(texts) as T;
  if (typeof texts === 'function')
    return ((...named: unknown[]) => pseudo((texts as (...named: unknown[]) => unknown)(...named))) as T;
  if (texts === null || typeof texts !== 'object') return texts;
  if (Array.isArray(texts)) return texts.map((text: unknown) => pseudo(text)) as T;
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, pseudo(text as unknown)]),
  ) as T;
}
