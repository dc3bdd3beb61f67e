import { readPhoneNumber } from '@sparekey/canonical';
import { codec, factorsStream, type FactorsFact, type NoticeChannel } from '@sparekey/contracts';
import type { Envelope, EventStore } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import type { NotificationRoom } from './notification.room.ts';

/** One address of one person, and the part of the notice's stream name that stands for it. */
export interface Recipient {
  readonly user: string;
  readonly channel: NoticeChannel;
  /** Such as `email-1`. The same event has the same recipients under the same keys, whenever it is heard. */
  readonly key: string;
  readonly address: string;
  readonly locale: string | undefined;
}

interface Contacts {
  readonly emails?: readonly string[];
  readonly phone?: string;
  readonly locale?: string;
}

/** Every address of a person that was known right before and right after an event. */
export async function recipientsOf(
  room: NotificationRoom,
  event: Pick<Envelope, 'domain' | 'stream' | 'revision' | 'time'>,
  user: string,
): Promise<Recipient[]> {
  const known = await contactsAround(room, event, user);
  const locale = known.at(-1)?.locale;
  const all = (read: (contacts: Contacts) => readonly string[]) => [...new Set(known.flatMap(read))];
  const as = (channel: NoticeChannel) => (address: string, index: number) => ({
    user,
    channel,
    key: `${channel}-${index + 1}`,
    address,
    locale,
  });
  return [
    ...all(({ emails = [] }) => emails).map(as('email')),
    // numbers were kept as they were typed before they were made canonical
    ...all(({ phone }) => (phone === undefined ? [] : [readPhoneNumber(phone) ?? phone])).map(as('sms')),
  ];
}

type Said = Extract<FactorsFact, { type: 'UserRegistered' | 'ContactsChanged' }> & { readonly id: string };

/** The contacts before and after the event, oldest first; once where it did not change them. */
async function contactsAround(
  room: NotificationRoom,
  event: Pick<Envelope, 'domain' | 'stream' | 'revision' | 'time'>,
  user: string,
): Promise<Contacts[]> {
  const stream = factorsStream(event.domain, user);
  const isBefore = (said: Envelope) =>
    event.stream === stream ? said.revision <= event.revision : said.time <= event.time;
  const said = (await readWhole(room.ports.store, stream)).filter(isBefore) as unknown as Said[];
  const changes = said.filter(({ type }) => type === 'UserRegistered' || type === 'ContactsChanged');
  const last = changes.at(-1) as (Said & { revision: number; stream: string }) | undefined;
  const isItself = last !== undefined && event.stream === stream && last.revision === event.revision;
  const around = isItself ? changes.slice(-2) : changes.slice(-1);
  const opened = around.map(({ id, data }) =>
    room.ports.vault
      .open({ domain: event.domain, user }, 'contact', data.contacts, { eventId: id, field: 'contacts' })
      .then((text) => JSON.parse(text) as Contacts)
      .catch((error: unknown): Contacts => {
        if (error instanceof Shredded) return {}; // erased: there is nobody to tell
        throw error;
      }),
  );
  return Promise.all(opened);
}

/** Every event of a stream. */
export async function readWhole(store: EventStore, stream: string): Promise<Envelope[]> {
  const events: Envelope[] = [];
  for (;;) {
    const page = await store.read(stream, { from: events.length, limit: 500 });
    events.push(...page.map((stored) => codec.decode(stored)));
    if (page.length < 500) return events;
  }
}
