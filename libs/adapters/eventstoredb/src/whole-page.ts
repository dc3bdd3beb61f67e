import { StreamNotFoundError, type RecordedEvent, type StreamingRead } from '@eventstore/db-client';
import { TimedOut } from './failures.ts';

/** A read that still waits until the leader is found is given up so much later (milliseconds). */
const LATER = 100;

/**
 * Reads it to its end, or gives it up in time: the client itself would wait for ever.
 *
 * @param read begins it; at that time (Unix milliseconds) the call ends, and the client looks for the leader again
 */
export async function wholePage<E extends RecordedEvent>(
  read: (deadline: number) => StreamingRead<{ readonly event?: E }>,
  timeout: number,
): Promise<E[]> {
  const events: E[] = [];
  const reading = read(Date.now() + timeout);
  const timer = setTimeout(() => {
    void reading.cancel().catch(() => undefined); // the call itself: destroying the stream ends just the reading of it
    reading.destroy(new TimedOut('a read took too long'));
  }, timeout + LATER);
  try {
    for await (const { event } of reading) if (event) events.push(event);
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return events;
}
