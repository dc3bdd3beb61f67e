import { codec, type NoticeFact } from '@sparekey/contracts';
import {
  LogDamaged,
  MalformedEvent,
  type Envelope,
  type Origin,
  type StoredEvent,
} from '@sparekey/event-sourcing';
import type { NotificationRoom } from './notification.room.ts';

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
