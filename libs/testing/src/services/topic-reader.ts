import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from '@sparekey/kafka';

/** One message as it stands on a topic. */
export interface Heard {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Everything committed that stands on these topics. @param until there is enough of it, or nothing came for a while */
export async function readTopics(
  kafka: Kafka,
  topics: readonly string[],
  until: (heard: readonly Heard[]) => boolean,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  const groupId = `reader-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, readUncommitted: false, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, text]) => [name, String(text)]);
        heard.push({
          topic,
          partition,
          key: String(message.key),
          headers: Object.fromEntries(headers) as Record<string, string>,
          value: String(message.value),
        });
      },
    });
    for (let seen = -1, idle = 0; idle < 30 && !until(heard); await sleep(100)) {
      idle = seen === heard.length ? idle + 1 : 0;
      seen = heard.length;
    }
    await sleep(200); // one too many would come now
    return heard;
  } finally {
    await consumer.disconnect();
  }
}
