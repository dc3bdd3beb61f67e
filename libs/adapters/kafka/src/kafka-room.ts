import {
  Delivery,
  readEvent,
  type DeliveryOptions,
  type Parked,
  type Subscription,
} from '@sparekey/event-sourcing';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { CloudEventMessage, Unreadable, type Attributes } from './cloud-event-message.ts';
import { handleBatch, SteadyConsumer } from './consume.ts';
import { unreadable, type Place } from './parked-place.ts';

export interface KafkaRoomOptions extends DeliveryOptions {
  readonly kafka: Kafka;
  /** The topics on which what it wants to hear is said. */
  readonly topics: readonly string[];
  /** The consumer group. */
  readonly group: string;
  readonly onDead: (cause: Error) => void;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * One room hears through Kafka: a consumer group of its own. A message is a nudge and never more: the event itself is
 * read from the log, so that what anybody else wrote into a topic changes nothing.
 */
export class KafkaRoom implements Subscription {
  readonly #options: KafkaRoomOptions;
  readonly #delivery: Delivery;
  readonly #consumer: SteadyConsumer;

  constructor(options: KafkaRoomOptions) {
    const { kafka, room, topics, group, onTrouble, onDead } = options;
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#consumer = new SteadyConsumer({
      kafka,
      groupId: group,
      topics,
      fromBeginning: true,
      eachBatch: (payload) => {
        const { topic, partition } = payload.batch;
        return handleBatch(payload, this.#delivery, (message) => this.#handle(topic, partition, message));
      },
      onTrouble: (cause) => onTrouble('waiting', room, undefined, cause),
      onDead,
    });
  }

  start(): void {
    this.#consumer.start();
  }

  async stop(): Promise<void> {
    this.#delivery.stop();
    await this.#consumer.stop();
  }

  /** Messages of its topics that its group has not passed; what the broker itself writes there counts too. */
  lag(): Promise<number> {
    return this.#consumer.lag();
  }

  retry(parked: Parked): Promise<Parked | undefined> {
    return this.#delivery.retry(parked);
  }

  async #handle(topic: string, partition: number, message: KafkaMessage): Promise<void> {
    let told: (Place & { readonly fact: string }) | undefined;
    try {
      const attributes = CloudEventMessage.attributes(message);
      if (!this.#isWanted(attributes, message)) return;
      told = toldBy(attributes);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return this.#delivery.retryOrPark(unreadable(topic, partition, message), () => Promise.reject(error));
    }
    const { fact, ...at } = told;
    await this.#delivery.retryOrPark({ ...at, type: fact }, async () => {
      const stored = await readEvent(this.#options.store, at);
      await this.#options.deliver(this.#options.codec.decode({ ...stored, position: at.position }));
    });
  }

  /** Judged by what the message says: what it does not say is judged by the handler. */
  #isWanted({ fact }: Attributes, message: KafkaMessage): boolean {
    const filter = this.#options.filters.find(({ type }) => type === fact);
    if (!filter) return fact === undefined; // without a name it is unreadable, which must not go unseen
    const wanted = Object.entries(filter.where ?? {});
    if (wanted.length === 0) return true;
    const data = CloudEventMessage.data(message);
    return wanted.every(([name, text]) => data[name] === text || data[name] === undefined);
  }
}

/** @throws Unreadable */
function toldBy({ id = '', fact = '', stream = '', revision = '', position = '' }: Attributes) {
  if (!UUID.test(id) || fact === '' || stream === '' || !/^\d{1,15}$/.test(revision))
    throw new Unreadable('does not say which event it tells');
  return { eventId: id, type: fact, fact, stream, revision: Number(revision), position };
}
