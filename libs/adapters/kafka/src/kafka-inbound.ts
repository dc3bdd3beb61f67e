import { randomUUID } from 'node:crypto';
import { Delivery, type DeliveryOptions, type Parked } from '@sparekey/event-sourcing';
import type { KafkaMessage } from 'kafkajs';
import { CloudEventMessage, type Attributes } from './cloud-event-message.ts';
import { KafkaSubscription, type KafkaSubscriptionOptions } from './kafka-subscription.ts';
import { unreadable } from './parked-place.ts';

export interface InboundMessage {
  readonly attributes: Attributes;
  readonly value: Uint8Array;
  /** `topic/partition/offset`: where it stands, which no other message has. */
  readonly place: string;
}

export interface KafkaInboundOptions
  extends Omit<DeliveryOptions, 'filters' | 'deliver'>, Omit<KafkaSubscriptionOptions, 'topics'> {
  readonly topic: string;
  /** At least once. What it throws is tried again and then parked, at once where the error says `isFinal`. */
  readonly handle: (message: InboundMessage) => Promise<void>;
}

const READ_MS = 15_000;

/** Hears what others say on a topic of theirs. What is parked stays in the topic, and is read there again to be retried. */
export class KafkaInbound extends KafkaSubscription {
  readonly #options: KafkaInboundOptions;

  constructor(options: KafkaInboundOptions) {
    super(
      { ...options, topics: [options.topic] },
      new Delivery({ ...options, filters: [], deliver: async () => undefined }),
    );
    this.#options = options;
  }

  retry(parked: Parked): Promise<Parked | undefined> {
    return this.delivery.retry(parked, async () => {
      const { partition, message } = await this.#find(parked.position);
      await this.#handle(partition, message);
    });
  }

  protected deliver(topic: string, partition: number, message: KafkaMessage): Promise<void> {
    const place = { ...unreadable(topic, partition, message), type: 'inbound-message' };
    return this.delivery.retryOrPark(place, () => this.#handle(partition, message));
  }

  /** @throws as the handler, and Unreadable */
  async #handle(partition: number, message: KafkaMessage): Promise<void> {
    const attributes = CloudEventMessage.attributes(message);
    const place = `${this.#options.topic}/${partition}/${message.offset}`;
    await this.#options.handle({ attributes, value: message.value ?? new Uint8Array(), place });
  }

  /** Reads one message again. @throws where the topic no longer has it */
  async #find(place: string): Promise<{ partition: number; message: KafkaMessage }> {
    const [topic = '', partition = '0', offset = '0'] = place.split('/');
    const consumer = this.#options.kafka.consumer({
      groupId: `${this.#options.group}.retry.${randomUUID()}`,
    });
    const found = Promise.withResolvers<KafkaMessage>();
    found.promise.catch(() => undefined); // patience may end before anybody waits for it
    const patience = setTimeout(
      () => found.reject(new Error('the topic no longer has this message')),
      READ_MS,
    );
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ partition: from, message }) => {
          if (from === Number(partition) && message.offset === offset) found.resolve(message);
        },
      });
      consumer.seek({ topic, partition: Number(partition), offset });
      return { partition: Number(partition), message: await found.promise };
    } finally {
      clearTimeout(patience);
      await consumer.disconnect();
    }
  }
}
