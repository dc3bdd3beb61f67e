import { codec, type Fact, type NoticeFact } from '@sparekey/contracts';
import type { Envelope, EventStore, Origin } from '@sparekey/event-sourcing';

/** Somebody said of an event: this was not me. */
export type Repudiation = Envelope & Extract<NoticeFact, { type: 'NoticeRepudiated' }>;

/**
 * The event that was repudiated, as the log has it, and where what follows from that comes from.
 *
 * @throws where the log holds another event there
 */
export async function repudiated(
  store: EventStore,
  { domain, subject = '', actor, correlationId, data }: Repudiation,
): Promise<{ readonly event: Envelope & Fact; readonly origin: Origin & { readonly subject: string } }> {
  const [stored] = await store.read(data.stream, { from: data.revision, limit: 1 });
  if (stored?.id !== data.eventId || stored.subject !== subject || stored.domain !== domain)
    throw new Error('what was repudiated is not where the notice says');
  return {
    event: codec.decode(stored) as Envelope & Fact,
    origin: { domain, subject, actor, correlationId },
  };
}
