import Handlebars from 'handlebars';
import { TEMPLATE } from './letter.template.ts';

/** A sentence whose beginning stands out. */
export interface Sentence {
  readonly strong: string;
  readonly rest: string;
}

/** What a message says, before it is a mail: kept, sealed, so that the same goes out however often it is tried. */
export interface Letter {
  /** BCP 47. */
  readonly language: string;
  readonly organisation: string;
  readonly title: string;
  /** What happened, in one paragraph. */
  readonly lead: string;
  readonly facts: readonly { readonly term: string; readonly fact: string }[];
  /** What to do, each for one case. */
  readonly then: readonly Sentence[];
  /** Where the reader says that it was not them. */
  readonly link?: { readonly address: string; readonly label: string };
  /** Why it was sent. */
  readonly foot?: string;
}

const render = Handlebars.compile<Letter>(TEMPLATE, { strict: true });

/** As a mail in HTML: tables and inline styles, no picture from elsewhere, nothing that counts who opens it. Everything is escaped. */
export const htmlOf = (letter: Letter): string => render({ ...letter, link: letter.link, foot: letter.foot });

/** The same in plain text. */
export function textOf({ lead, facts, then, link, foot }: Letter): string {
  const paragraphs = [
    lead,
    facts.map(({ term, fact }) => `${term}: ${fact}`).join('\n'),
    ...then.map(({ strong, rest }) => `${strong} ${rest}`),
    link?.address,
    foot,
  ];
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`;
}
