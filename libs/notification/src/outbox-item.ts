import { codec, type NoticeFact } from '@sparekey/contracts';
import {
  LogDamaged,
  MalformedEvent,
  type Envelope,
  type Origin,
  type StoredEvent,
} from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import { Shredded } from '@sparekey/vault';
import { readMessage } from './compose-message.ts';
import type { NotificationRoom } from './notification.room.ts';
import type { Message } from './ports/index.ts';

/** A notice as it was claimed. */
export type Claimed = Envelope & Extract<NoticeFact, { type: 'NoticeClaimed' }>;

/** A notice that is on its way. */
export interface OutboxItem {
  readonly event: Claimed;
  /** Behind which position of the log it is found again. */
  readonly before: string | undefined;
  /** When it is tried next (Unix milliseconds). */
  due: number;
  attempts: number;
  /** How often its channel was found to take nothing when this one was tried. */
  troubles: number;
  busy: boolean;
}

/** What is handed over. @returns nothing where the person was erased @throws VaultUnavailable */
export async function messageOf(
  { id, domain, subject: user = '', stream, data }: Claimed,
  { vault, blindIndex }: Pick<Ports, 'vault' | 'blindIndex'>,
): Promise<Message | undefined> {
  const place = { eventId: id, field: 'message' };
  try {
    const text = await vault.open({ domain, user }, 'message', data.message, place);
    return { id: blindIndex.of('message', stream).slice(0, 32), ...readMessage(text) };
  } catch (error) {
    if (error instanceof Shredded) return undefined;
    throw error;
  }
}

/** What the log is told of it comes from here. */
export const originOf = ({ domain, subject = '', correlationId }: Claimed): Origin => ({
  domain,
  subject,
  actor: { kind: 'system', id: 'notification' },
  correlationId,
});

/**
 * What is to be done of a notice that was claimed.
 *
 * @param mine streams whose claim this process holds · @param before where the log was read up to before it
 * @returns nothing where it has ended, or cannot be read, which is logged · @throws StoreUnavailable
 */
export async function itemOf(
  stored: StoredEvent,
  { notices, logger }: Pick<NotificationRoom, 'notices' | 'logger'>,
  mine: ReadonlySet<string>,
  before: string | undefined,
): Promise<OutboxItem | undefined> {
  try {
    const event = codec.decode(stored) as unknown as Claimed;
    const { state } = await notices.load(event.stream);
    if (state.ended) return undefined;
    const due = mine.has(event.stream) ? 0 : state.until;
    return { event, before, due, attempts: 0, troubles: 0, busy: false };
  } catch (error) {
    if (!(error instanceof LogDamaged || error instanceof MalformedEvent)) throw error;
    logger.error({ err: error }, 'a claimed notice cannot be read, and is passed over');
    return undefined;
  }
}
