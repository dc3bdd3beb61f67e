import type { DeliveryFact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import { claimMessage } from './claim-notices.ts';
import { composeCode } from './compose-message.ts';
import type { NotificationRoom } from './notification.room.ts';
import type { Outbox } from './outbox.ts';
import { contactsOf } from './recipients.ts';

/** Codes to one person in an hour: so many that nobody who signs in meets it, and few enough to be worth nothing to who is paid for them. */
const BUDGET = 30;

/** Claims the message with a code that was made, unless its time is over. Heard again, it claims nothing twice. */
export async function deliverCode(
  room: NotificationRoom,
  outbox: Outbox,
  event: Envelope & DeliveryFact,
): Promise<void> {
  const { domain, subject: user = '', data } = event;
  const { channel, expiresAt } = data;
  if (room.ports.clock.now() >= expiresAt) return;
  const place = { eventId: event.id, field: 'delivery' };
  const opened = await room.ports.vault
    .open({ domain, user }, 'message', data.delivery, place)
    .catch((error: unknown) => {
      if (error instanceof Shredded) return undefined; // erased: there is nobody who waits for it
      throw error;
    });
  if (opened === undefined) return;
  const { to, code } = JSON.parse(opened) as { to: string; code: string };
  const { state } = await room.domains.load(domain);
  const { contacts } = (await contactsOf(room, domain, user)).at(-1) ?? {};
  const composed = composeCode({
    to,
    locale: contacts?.locale,
    organisation: state.displayName ?? domain,
    code,
    minutes: Math.max(1, Math.floor((expiresAt - event.time) / 60_000)),
  });
  await claimMessage(room, outbox, event, {
    user,
    key: `${channel}-code`,
    channel,
    composed,
    deadline: expiresAt,
    perHour: BUDGET,
  });
}
