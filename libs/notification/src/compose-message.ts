import { DEFAULT_POLICY, type Fact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { escapeHtml } from './escape-html.ts';
import type { NotificationRoom } from './notification.room.ts';
import type { Recipient } from './recipients.ts';
import { CATALOGUES, languageOf, type Named } from './texts/index.ts';
import { NOTICE_POLICY, type Notified, type NotifiedType } from './notice-policy.ts';

/** What is kept, sealed, of a message: the same text goes out however often it is tried. */
export interface Composed {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What the text names, gathered once for all recipients. */
export async function nameThings(room: NotificationRoom, event: Envelope): Promise<Named> {
  const { state: domain } = await room.domains.load(event.domain);
  const organisation = domain.displayName ?? event.domain;
  const fact = event as Fact & Envelope;
  if (fact.type === 'NoticeRepudiated') return { organisation, user: event.subject! };
  if (fact.type !== 'ChallengePassed') return { organisation };
  const { holder, consumes } = fact.data;
  const left = await room.codesLeft(event.domain, event.subject!, holder);
  const { lowThreshold } = (domain.policy ?? DEFAULT_POLICY).recoveryCodes;
  const counted = left === undefined ? {} : { left, few: left <= lowThreshold };
  return { organisation, number: consumes.item ?? 0, ...counted };
}

/** Writes a notice in the recipient's language. @param link where they say that it was not them */
export function composeMessage(
  event: Envelope,
  named: Named,
  { address, locale }: Pick<Recipient, 'address' | 'locale'>,
  link: string | undefined,
): Composed {
  const language = languageOf(locale);
  const catalogue = CATALOGUES[language]!;
  const say = (time: number) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long', timeZone: 'UTC' }).format(time);
  const { until } = event.data as { until?: number };
  const things = { ...named, ...(typeof until === 'number' && { until: say(until) }) };
  const { subject, body } = catalogue.notices[event.type as NotifiedType](things);
  const ask = link === undefined ? [catalogue.askHelp] : [catalogue.notMe, link];
  const isOwn = (NOTICE_POLICY as Readonly<Record<string, Notified>>)[event.type]!.to === 'person';
  const paragraphs = [
    body,
    catalogue.happened(say(event.time)),
    ...(isOwn ? [catalogue.ifYou, ...ask] : [catalogue.lookUp]),
    catalogue.automatic(named.organisation),
  ];
  return {
    to: address,
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: htmlOf(language, paragraphs, link),
  };
}

/** Writes the message with a code in the recipient's language. */
export function composeCode({
  to,
  locale,
  ...named
}: {
  readonly to: string;
  readonly locale: string | undefined;
  readonly organisation: string;
  readonly code: string;
  readonly minutes: number;
}): Composed {
  const language = languageOf(locale);
  const { subject, body } = CATALOGUES[language]!.code(named);
  return { to, subject, text: `${body}\n`, html: htmlOf(language, [body], undefined) };
}

function htmlOf(language: string, paragraphs: readonly string[], link: string | undefined): string {
  const shown = paragraphs.map((text) => {
    const inside = escapeHtml(text);
    return `<p>${text === link ? `<a href="${inside}">${inside}</a>` : inside}</p>`;
  });
  return `<!doctype html><html lang="${language}"><body>${shown.join('')}</body></html>`;
}
