import { DEFAULT_POLICY, type Fact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import { htmlOf, textOf, type Letter } from './letter.ts';
import type { Message } from './ports/index.ts';
import type { NotificationRoom } from './notification.room.ts';
import type { Recipient } from './recipients.ts';
import { CATALOGUES, languageOf, type Named } from './texts/index.ts';
import { NOTICE_POLICY, type Notified, type NotifiedType } from './notice-policy.ts';

/** What is kept, sealed, of a message: the same text goes out however often it is tried. */
export interface Composed {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** What a mail is made of when it is sent. */
  readonly letter: Letter;
}

/** What goes out of what was kept. */
export function readMessage(kept: string): Omit<Message, 'id'> {
  const { letter, ...message } = JSON.parse(kept) as Composed & Partial<Pick<Message, 'html'>>;
  // one that was claimed before messages were letters goes out as it was written
  return { ...message, html: message.html ?? htmlOf(letter) };
}

/** What the text names, gathered once for all recipients. */
export async function nameThings(room: NotificationRoom, event: Envelope): Promise<Named> {
  const { state: domain } = await room.domains.load(event.domain);
  const organisation = domain.displayName ?? event.domain;
  const fact = event as Fact & Envelope;
  if (fact.type === 'NoticeRepudiated') return { organisation, user: event.subject! };
  const method = await methodOf(room, event);
  if (fact.type !== 'ChallengePassed') return { organisation, ...(method !== undefined && { method }) };
  const { holder, consumes } = fact.data;
  const left = await room.codesLeft(event.domain, event.subject!, holder);
  const { lowThreshold } = (domain.policy ?? DEFAULT_POLICY).recoveryCodes;
  const counted = left === undefined ? {} : { left, few: left <= lowThreshold };
  return { organisation, number: consumes.item ?? 0, ...counted };
}

/** What the person calls the factor that it is about. */
async function methodOf(
  room: NotificationRoom,
  { domain, subject, data }: Envelope,
): Promise<string | undefined> {
  const { factorId } = data as { factorId?: string };
  if (factorId === undefined || subject === undefined) return undefined;
  return room.nameOf(domain, subject, factorId).catch((error: unknown) => {
    if (error instanceof Shredded) return undefined; // erased: nobody is told
    throw error;
  });
}

/** Writes a notice in the recipient's language. @param link where they say that it was not them */
export function composeMessage(
  event: Envelope,
  named: Named,
  { address, locale, user }: Pick<Recipient, 'address' | 'locale' | 'user'>,
  link: string | undefined,
): Composed {
  const language = languageOf(locale);
  const catalogue = CATALOGUES[language]!;
  const say = (time: number) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long', timeZone: 'UTC' }).format(time);
  const { until } = event.data as { until?: number };
  const things = { ...named, ...(typeof until === 'number' && { until: say(until) }) };
  const { subject, body } = catalogue.notices[event.type as NotifiedType](things);
  const isOwn = (NOTICE_POLICY as Readonly<Record<string, Notified>>)[event.type]!.to === 'person';
  const { kind, id } = event.actor;
  const by = kind === 'user' && id === user ? catalogue.you : catalogue.by(kind, id);
  const letter = {
    language,
    organisation: named.organisation,
    title: subject,
    lead: body,
    facts: [
      { term: catalogue.when, fact: say(event.time) },
      ...(isOwn ? [{ term: catalogue.doneBy, fact: by }] : []),
    ],
    then: isOwn
      ? [catalogue.ifYou, link === undefined ? catalogue.askHelp : catalogue.notMe]
      : [catalogue.lookUp],
    ...(link !== undefined && isOwn && { link: { address: link, label: catalogue.notMeButton } }),
    foot: (isOwn ? catalogue.automatic : catalogue.automaticToAdministrators)(named.organisation),
  };
  return { to: address, subject, text: textOf(letter), letter };
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
  const { organisation } = named;
  const letter = { language, organisation, title: subject, lead: body, facts: [], then: [] };
  return { to, subject, text: textOf(letter), letter };
}
