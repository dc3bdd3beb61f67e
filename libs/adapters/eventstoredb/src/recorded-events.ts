import { jsonEvent, type RecordedEvent } from '@eventstore/db-client';
import type { EventRecord, StoredEvent } from '@sparekey/event-sourcing';

/** The envelope without what EventStoreDB keeps in fields of its own. */
type Metadata = Omit<EventRecord, 'id' | 'type' | 'data'>;

export function toWrite({ id, type, data, ...metadata }: EventRecord) {
  return jsonEvent({ id, type, data: data as Record<string, unknown>, metadata: { ...metadata } });
}

export function asStored(event: RecordedEvent, stream: string): StoredEvent {
  return {
    ...(event.metadata as unknown as Metadata),
    id: event.id,
    type: event.type,
    data: event.data as object,
    stream,
    revision: Number(event.revision),
  };
}

/** Whether these are the events that stand there, to the letter. */
export function isSame(record: EventRecord, stored: StoredEvent | undefined): boolean {
  if (!stored) return false;
  const { stream: _stream, revision: _revision, ...rest } = stored;
  return canonical(record) === canonical(rest);
}

/** JSON with the names of every object in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
