import type { Catalogue } from './catalogue.ts';
import { en } from './en.ts';
import { nl } from './nl.ts';

export type { Catalogue, Named, Text } from './catalogue.ts';

export const CATALOGUES: Readonly<Record<string, Catalogue>> = { en, nl };

/** The language that somebody reads, as far as there are texts in it. @param locale BCP 47 */
export function languageOf(locale: string | undefined): string {
  const language = locale?.split('-')[0]?.toLowerCase() ?? 'en';
  return Object.hasOwn(CATALOGUES, language) ? language : 'en';
}
