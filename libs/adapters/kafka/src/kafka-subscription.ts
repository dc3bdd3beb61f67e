import type { Delivery, Parked, Subscription, DeliveryOptions } from '@sparekey/event-sourcing';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { handleBatch, SteadyConsumer } from './consume.ts';

export interface KafkaSubscriptionOptions extends Pick<DeliveryOptions, 'room' | 'onTrouble'> {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
  /** The consumer group. */
  readonly group: string;
  readonly onDead: (cause: Error) => void;
}

/** A consumer group of its own, whose messages are handled in their order for each key, tried again, and parked. */
export abstract class KafkaSubscription implements Subscription {
  readonly #consumer: SteadyConsumer;

  constructor(
    { kafka, room, topics, group, onTrouble, onDead }: KafkaSubscriptionOptions,
    protected readonly delivery: Delivery,
  ) {
    this.#consumer = new SteadyConsumer({
      kafka,
      groupId: group,
      topics,
      fromBeginning: true,
      eachBatch: (payload) => {
        const { topic, partition } = payload.batch;
        return handleBatch(payload, delivery, (message) => this.deliver(topic, partition, message));
      },
      onTrouble: (cause) => onTrouble('waiting', room, undefined, cause),
      onDead,
    });
  }

  start(): void {
    this.#consumer.start();
  }

  async stop(): Promise<void> {
    this.delivery.stop();
    await this.#consumer.stop();
  }

  /** Messages of its topics that its group has not passed; what the broker itself writes there counts too. */
  lag(): Promise<number> {
    return this.#consumer.lag();
  }

  abstract retry(parked: Parked): Promise<Parked | undefined>;

  /** Handles one message, or parks it. */
  protected abstract deliver(topic: string, partition: number, message: KafkaMessage): Promise<void>;
}
