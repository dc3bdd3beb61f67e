import { Delivery, readEvent, type DeliveryOptions, type Parked } from '@sparekey/event-sourcing';
import type { KafkaMessage } from 'kafkajs';
import { CloudEventMessage, Unreadable, type Attributes } from './cloud-event-message.ts';
import { KafkaSubscription, type KafkaSubscriptionOptions } from './kafka-subscription.ts';
import { unreadable, type Place } from './parked-place.ts';

export interface KafkaRoomOptions extends DeliveryOptions, KafkaSubscriptionOptions {}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * One room hears through Kafka: a consumer group of its own. A message is a nudge and never more: the event itself is
 * read from the log, so that what anybody else wrote into a topic changes nothing.
 */
export class KafkaRoom extends KafkaSubscription {
  readonly #options: KafkaRoomOptions;

  constructor(options: KafkaRoomOptions) {
    super(options, new Delivery(options));
    this.#options = options;
  }

  retry(parked: Parked): Promise<Parked | undefined> {
    return this.delivery.retry(parked);
  }

  protected async deliver(topic: string, partition: number, message: KafkaMessage): Promise<void> {
    let told: (Place & { readonly fact: string }) | undefined;
    try {
      const attributes = CloudEventMessage.attributes(message);
      if (!this.#isWanted(attributes, message)) return;
      told = toldBy(attributes);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return this.delivery.retryOrPark(unreadable(topic, partition, message), () => Promise.reject(error));
    }
    const { fact, ...at } = told;
    await this.delivery.retryOrPark({ ...at, type: fact }, async () => {
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
