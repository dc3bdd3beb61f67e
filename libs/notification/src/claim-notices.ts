import {
  domainStream,
  noticeStream,
  readFacts,
  type DomainFact,
  type FactType,
  type NoticeChannel,
} from '@sparekey/contracts';
import type { Envelope, Origin } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import { composeMessage, nameThings, type Composed } from './compose-message.ts';
import { LEASE_MS, noticeDecider, NOTICE_TTL_MS } from './notice.ts';
import type { NotificationRoom } from './notification.room.ts';
import type { Outbox } from './outbox.ts';
import { recipientsOf, type Recipient } from './recipients.ts';
import { linkTo } from './repudiate-notice.ts';
import { NOTICE_POLICY, type Notified } from './notice-policy.ts';

/** Notices of one kind to one person in an hour: whoever causes more does it to fill the mailbox. */
const BUDGET = 10;

/**
 * Claims a notice of this event for every address of everybody who is told. Heard again, it claims nothing twice.
 */
export async function claimNotices(room: NotificationRoom, outbox: Outbox, event: Envelope): Promise<void> {
  if ((event.data as { profileOnly?: true }).profileOnly) return; // nobody is reached elsewhere than before
  const told = NOTICE_POLICY[event.type as FactType] as Notified;
  const now = room.ports.clock.now();
  if (now - event.time > NOTICE_TTL_MS) return;
  const people = told.to === 'administrators' ? await administrators(room, event) : [personOf(event)];
  const perPerson = await Promise.all(people.map((user) => recipientsOf(room, event, user)));
  // a text message where there is somebody to hand it to; a mail also where there is not, so that the log tells of it
  const canBeTold = ({ channel }: Recipient) =>
    channel === 'email' || room.senders.some((sender) => sender.channel === channel);
  const recipients = perPerson.flat().filter(canBeTold);
  if (recipients.length === 0) return;
  const named = await nameThings(room, event);
  for (const recipient of recipients) await claim(room, outbox, event, told, recipient, named);
}

/** Roles stand in the domain's stream and name their holder. */
const personOf = ({ subject, data }: Envelope): string => subject ?? (data as { user: string }).user;

/** Who was one before it happened: the same people whenever the event is heard. */
async function administrators(room: NotificationRoom, event: Envelope): Promise<string[]> {
  const held = new Set<string>();
  const isBefore = ({ stream, revision, time }: Envelope) =>
    stream === event.stream ? revision < event.revision : time < event.time;
  for (const fact of await readFacts<DomainFact>(room.ports.store, domainStream(event.domain))) {
    if (fact.type !== 'RolesChanged' || !isBefore(fact)) continue;
    const { user, roles } = fact.data;
    if (roles.includes('administrator')) held.add(user);
    else held.delete(user);
  }
  return [...held];
}

async function claim(
  room: NotificationRoom,
  outbox: Outbox,
  event: Envelope,
  told: Notified,
  recipient: Recipient,
  named: Awaited<ReturnType<typeof nameThings>>,
): Promise<void> {
  const { domain } = event;
  const { user, key, channel } = recipient;
  const link =
    told.repudiable && recipient.mayUndo
      ? linkTo(room, { domain, user, eventId: event.id, key, deadline: event.time })
      : undefined;
  const composed = composeMessage(event, named, recipient, link);
  await claimMessage(room, outbox, event, {
    user,
    key,
    channel,
    composed,
    deadline: event.time + NOTICE_TTL_MS,
    perHour: BUDGET,
  });
}

interface Outgoing {
  readonly user: string;
  readonly channel: NoticeChannel;
  /** Tells it from others of the same event, the same whenever it is heard. */
  readonly key: string;
  readonly composed: Composed;
  /** Unix milliseconds. */
  readonly deadline: number;
  /** More of its kind to one address in an hour are not sent. */
  readonly perHour: number;
}

/** Claims one message, of which the outbox does the rest. Heard again, it claims nothing twice. */
export async function claimMessage(
  room: NotificationRoom,
  outbox: Outbox,
  event: Envelope,
  { user, key, channel, composed, deadline, perHour }: Outgoing,
): Promise<void> {
  const { domain } = event;
  const stream = noticeStream(domain, user, event.id, key);
  const origin: Origin = {
    domain,
    subject: user,
    actor: { kind: 'system', id: 'notification' },
    correlationId: event.correlationId,
  };
  const hopeless = room.senders.some((sender) => sender.channel === channel)
    ? overBudget(room, event, `${user} ${key}`, perHour)
    : 'no-provider';
  const { events } = await room
    .changeNotice(origin, stream, async ({ state, at, eventId }) => {
      if (state.claimed) return [];
      const place = { eventId: eventId(0), field: 'message' };
      const text = JSON.stringify(composed);
      const message = await room.ports.vault.seal({ domain, user }, 'message', text, place);
      const { id, type: kind, revision, time: happenedAt } = event;
      const where = { eventId: id, kind, stream: event.stream, revision, happenedAt };
      const claim = { ...where, channel, message, deadline, until: at + LEASE_MS };
      return noticeDecider.decide({ type: 'ClaimNotice', claim, ...(hopeless && { hopeless }) }, state);
    })
    .catch((error: unknown) => {
      if (error instanceof Shredded) return { events: [] }; // erased: there is nobody to tell
      throw error;
    });
  if (events.length === 1) outbox.claimed(stream);
}

function overBudget(
  room: NotificationRoom,
  { domain, type }: Envelope,
  address: string,
  perHour: number,
): 'budget' | undefined {
  const spent = room.budget.add(`${domain}.${type} ${address}`, room.ports.clock.now());
  return spent > perHour ? 'budget' : undefined;
}
