import { readPhoneNumber } from '@sparekey/canonical';
import { factorsStream, readFacts, type FactorsFact, type NoticeChannel } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import type { NotificationRoom } from './notification.room.ts';

/** How long an address is still told after it was replaced (milliseconds). */
const TOLD_FOR_MS = 7 * 24 * 3_600_000;

/** One address of one person, and the part of the notice's stream name that stands for it. */
export interface Recipient {
  readonly user: string;
  readonly channel: NoticeChannel;
  /** Such as `email-1`. The same event has the same recipients under the same keys, whenever it is heard. */
  readonly key: string;
  readonly address: string;
  readonly locale: string | undefined;
  /** Whether it is told how to take back what happened: not where a stronger proof has removed it. */
  readonly mayUndo: boolean;
}

interface Contacts {
  readonly emails?: readonly string[];
  readonly phone?: string;
  readonly locale?: string;
}

/** Contacts as they were from a moment on. */
export interface ContactsChange {
  readonly revision: number;
  readonly time: number;
  readonly contacts: Contacts;
  /** It rests on more than a mailbox. */
  readonly steppedUp: boolean;
  /** It puts back what stood before another change. */
  readonly isUndo: boolean;
}

/** Every address of a person that was known in the week before an event, and right after it. */
export async function recipientsOf(
  room: NotificationRoom,
  event: Pick<Envelope, 'domain' | 'stream' | 'revision' | 'time'>,
  user: string,
): Promise<Recipient[]> {
  const isAfter =
    event.stream === factorsStream(event.domain, user)
      ? ({ revision }: ContactsChange) => revision > event.revision
      : ({ time }: ContactsChange) => time > event.time;
  const changes = (await contactsOf(room, event.domain, user)).filter((change) => !isAfter(change));
  const since = event.time - TOLD_FOR_MS;
  const known = changes
    .filter((_, n) => n + 1 === changes.length || changes[n + 1]!.time >= since)
    .map(({ contacts }) => contacts);
  const locale = known.at(-1)?.locale;
  const removed = removedByProof(changes);
  const all = (read: (contacts: Contacts) => readonly string[]) => [...new Set(known.flatMap(read))];
  const as = (channel: NoticeChannel) => (address: string, index: number) => ({
    user,
    channel,
    key: `${channel}-${index + 1}`,
    address,
    locale,
    mayUndo: !removed.has(address),
  });
  return [...all(emailsOf).map(as('email')), ...all(phonesOf).map(as('sms'))];
}

/**
 * Addresses that a stronger proof than a mailbox has removed, or that "this was not me" has: whoever holds one of them takes
 * nothing back with it, until a stronger proof puts it there again.
 */
export function removedByProof(changes: readonly ContactsChange[]): ReadonlySet<string> {
  const removed = new Set<string>();
  let standing: readonly string[] = [];
  for (const { contacts, steppedUp, isUndo } of changes) {
    const now = [...emailsOf(contacts), ...phonesOf(contacts)];
    if (steppedUp) now.forEach((address) => removed.delete(address));
    const gone = steppedUp || isUndo ? standing.filter((address) => !now.includes(address)) : [];
    gone.forEach((address) => removed.add(address));
    standing = now;
  }
  return removed;
}

const emailsOf = ({ emails = [] }: Contacts): readonly string[] => emails;
/** Numbers were kept as they were typed before they were made canonical. */
const phonesOf = ({ phone }: Contacts): readonly string[] =>
  phone === undefined ? [] : [readPhoneNumber(phone) ?? phone];

/** What a person's contacts were and are, the oldest first. */
export async function contactsOf(
  { ports }: NotificationRoom,
  domain: string,
  user: string,
): Promise<ContactsChange[]> {
  const facts = await readFacts<FactorsFact>(ports.store, factorsStream(domain, user));
  const changes = facts.filter((fact) => fact.type === 'UserRegistered' || fact.type === 'ContactsChanged');
  return Promise.all(
    changes.map(async ({ id, type, revision, time, data }) => {
      const place = { eventId: id, field: 'contacts' };
      const contacts = await ports.vault
        .open({ domain, user }, 'contact', data.contacts, place)
        .then((text) => JSON.parse(text) as Contacts)
        .catch((error: unknown): Contacts => {
          if (error instanceof Shredded) return {}; // erased: there is nobody to tell
          throw error;
        });
      const { steppedUp = false, undoes } = type === 'ContactsChanged' ? data : {};
      return { revision, time, contacts, steppedUp, isUndo: undoes !== undefined };
    }),
  );
}
