import { count, event, timestamp, oneOf, sealed, uuid, identifier, type EventOf } from './event.ts';

// These names are the storage format: they outlive every refactoring.

export const NOTICE_CHANNELS = ['email', 'sms'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** Which event a notice tells: where it stands, what it was and when it happened. */
const told = { eventId: uuid(), kind: identifier(), stream: identifier(256), revision: count() };

/**
 * One notice to one address. Who appended this to a stream that was not there sends it, and nobody else until `until`.
 */
export const noticeClaimed = event('NoticeClaimed', {
  ...told,
  happenedAt: timestamp(),
  channel: oneOf(...NOTICE_CHANNELS),
  /** JSON of the address and the text, as it is sent however often it is tried. */
  message: sealed('message'),
  /** It is worth nothing after that: it is given up. */
  deadline: timestamp(),
  until: timestamp(),
});
/** Who says so goes on with it until then: it takes long, or who had claimed it is gone. */
export const noticeClaimRenewed = event('NoticeClaimRenewed', { until: timestamp() });
/** The provider has taken it. */
export const noticeSent = event('NoticeSent', { eventId: uuid(), attempts: count() });
/** It is given up. */
export const noticeFailed = event('NoticeFailed', {
  eventId: uuid(),
  reason: oneOf('refused', 'deadline', 'no-provider', 'budget', 'erased'),
  attempts: count(),
});
/** "This was not me", by who holds the link in the notice: what the event introduced is suspended. */
export const noticeRepudiated = event('NoticeRepudiated', told);

/**
 * A code was made that goes to an address of the person's: said by whoever made it, sent once, and never when its time is over.
 */
export const deliveryRequested = event('DeliveryRequested', {
  factorId: uuid(),
  channel: oneOf(...NOTICE_CHANNELS),
  /** JSON of `to` and `code`. */
  delivery: sealed('message'),
  expiresAt: timestamp(),
});
export type DeliveryFact = EventOf<typeof deliveryRequested>;

export type NoticeFact =
  | EventOf<typeof noticeClaimed>
  | EventOf<typeof noticeClaimRenewed>
  | EventOf<typeof noticeSent>
  | EventOf<typeof noticeFailed>
  | EventOf<typeof noticeRepudiated>;

export const NOTIFICATION_EVENTS = [
  deliveryRequested,
  noticeClaimed,
  noticeClaimRenewed,
  noticeSent,
  noticeFailed,
  noticeRepudiated,
];
