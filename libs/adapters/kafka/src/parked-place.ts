import { createHash } from 'node:crypto';
import type { Parked } from '@sparekey/event-sourcing';
import type { KafkaMessage } from 'kafkajs';

/** What is parked, and where it stands. */
export type Place = Pick<Parked, 'eventId' | 'type' | 'stream' | 'revision' | 'position'>;

/** The name under which a message is parked that tells no event of ours: where it stands. */
export function unreadable(
  topic: string,
  partition: number,
  { offset }: Pick<KafkaMessage, 'offset'>,
): Place {
  const hex = createHash('sha256').update(`${topic}/${partition}/${offset}`).digest('hex');
  const eventId = [8, 12, 16, 20, 32].map((end, n, ends) => hex.slice(ends[n - 1] ?? 0, end)).join('-');
  return {
    eventId,
    type: 'unreadable',
    stream: topic,
    revision: Number(offset),
    position: `${topic}/${partition}/${offset}`,
  };
}
