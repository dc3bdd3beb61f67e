import type { StoredEvent } from './envelope.ts';
import { DEFAULT_PAGE, type EventStore } from './event-store.ts';

/** Every event of a stream, as it is stored. */
export async function readWhole(store: Pick<EventStore, 'read'>, stream: string): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await store.read(stream, { from: events.length, limit: DEFAULT_PAGE });
    events.push(...page);
    if (page.length < DEFAULT_PAGE) return events;
  }
}
