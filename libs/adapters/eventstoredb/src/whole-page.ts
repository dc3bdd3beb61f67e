import { StreamNotFoundError, type RecordedEvent, type StreamingRead } from '@eventstore/db-client';
import { TimedOut } from './failures.ts';

/** Reads it to its end, or gives it up in time: the client itself would wait for ever. */
export async function wholePage<E extends RecordedEvent>(
  reading: StreamingRead<{ readonly event?: E }>,
  timeout: number,
): Promise<E[]> {
  const events: E[] = [];
  const timer = setTimeout(() => {
    void reading.cancel().catch(() => undefined); // the call itself: destroying the stream ends just the reading of it
    reading.destroy(new TimedOut('a read took too long'));
  }, timeout);
  try {
    for await (const { event } of reading) if (event) events.push(event);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return events;
}
