import { en } from './en.ts';
import { nl } from './nl.ts';
import { pseudo } from './pseudo.ts';
import type { Texts } from './texts.ts';

export const LANGUAGES = { en, nl } as const satisfies Record<string, Texts>;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'sparekey-language';
const isKnown = (name: string | null | undefined): name is Language =>
  typeof name === 'string' && Object.hasOwn(LANGUAGES, name);

/** What the person chose, else the first of the browser's that there is. */
export const language: Language =
  [localStorage.getItem(KEPT), ...navigator.languages.map((tag) => tag.split('-')[0])].find(isKnown) ?? 'en';
/** For whoever works on the pages: `localStorage.setItem('sparekey-language', 'en-XA')`. */
const isPseudo = localStorage.getItem(KEPT) === 'en-XA';

/** @returns what is said in the reader's language */
export const ofLanguage = <T>(said: Readonly<Record<Language, T>>): T =>
  isPseudo ? pseudo(said.en) : said[language];
export const texts: Texts = ofLanguage(LANGUAGES);

export function chooseLanguage(name: Language): void {
  localStorage.setItem(KEPT, name);
  location.reload();
}

/** The reader's own region where it is of the same language: times and dates are written as it writes them. */
const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;

const second = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
const date = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
const amount = new Intl.NumberFormat(locale);
const names = new Intl.ListFormat(locale, { type: 'conjunction' });
/** Of a day that is one in UTC. */
const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const MINUTE = 60_000;

/** Under an hour how long ago, then the day, with the year where it is another. */
export function when(moment: Date, now = new Date()): string {
  const ago = now.getTime() - moment.getTime();
  if (ago >= 0 && ago < MINUTE) return relative.format(0, 'second');
  if (ago >= 0 && ago < 60 * MINUTE) return relative.format(-Math.floor(ago / MINUTE), 'minute');
  const days = Math.round((midnight(moment) - midnight(now)) / (24 * 60 * MINUTE));
  if (Math.abs(days) <= 1) return `${relative.format(days, 'day')}, ${time.format(moment)}`;
  return (moment.getFullYear() === now.getFullYear() ? day : dayOfYear).format(moment);
}

/** @param tag BCP 47; an underscore may stand for a hyphen */
export function nameOfLanguage(tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag.replaceAll('_', '-')) ?? tag;
  } catch {
    return tag; // no tag that this browser reads
  }
}

export const clockTime = (moment: Date): string => time.format(moment);
/** To the second, as a log has it. */
export const timeOfDay = (moment: Date): string => second.format(moment);
export const dateOf = (moment: Date): string => date.format(moment);
export const dayAndMonth = (moment: Date): string => shortDay.format(moment);
export const numbered = (n: number): string => amount.format(n);
export const listed = (items: readonly string[]): string => names.format(items);
export const exactly = (moment: Date): string => full.format(moment);

const midnight = (moment: Date): number =>
  new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
