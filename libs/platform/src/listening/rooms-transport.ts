import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type {
  Envelope,
  SubscriptionOptions,
  EventFilter,
  Parked,
  Subscription,
} from '@sparekey/event-sourcing';
import { isObservable, lastValueFrom } from 'rxjs';
import type { EventTransport } from './event-transport.ts';

/**
 * Nest's event handlers, gathered by room: a transport strategy that takes the patterns `room:type` and gives each room
 * a subscription of its own. What it listens to, the log itself or a broker, only the app knows.
 */
export class RoomsTransport extends Server implements CustomTransportStrategy, EventTransport {
  /** A handler's error comes back here, and is not merely logged. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #open: (options: SubscriptionOptions) => Subscription;
  readonly #rooms = new Map<string, Subscription>();

  constructor(open: (options: SubscriptionOptions) => Subscription) {
    super();
    this.#open = open;
  }

  listen(started: () => void): void {
    const byRoom = Map.groupBy(this.messageHandlers, ([pattern]) => pattern.slice(0, pattern.indexOf(':')));
    for (const [room, handlers] of byRoom) {
      const byType = new Map(handlers.map(([pattern, handler]) => [pattern.slice(room.length + 1), handler]));
      const subscription = this.#open({
        room,
        filters: [...byType].map(([type, handler]) => interestOf(type, handler)),
        deliver: (event) => deliver(byType.get(event.type)!, event),
      });
      this.#rooms.set(room, subscription);
      subscription.start();
    }
    started();
  }

  /** Another subscription in this process, that hears something else than what rooms say. */
  add(name: string, subscription: Subscription): void {
    this.#rooms.set(name, subscription);
    subscription.start();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#rooms.values()].map((subscription) => subscription.stop()));
    this.#rooms.clear();
  }

  get strategy(): this {
    return this;
  }

  get rooms(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  async lag(room: string): Promise<number> {
    return (await this.#rooms.get(room)?.lag()) ?? 0;
  }

  /** @throws where no such room hears here */
  retry(parked: Parked): Promise<Parked | undefined> {
    const subscription = this.#rooms.get(parked.room);
    if (!subscription) throw new Error(`there is no room ${parked.room} here`);
    return subscription.retry(parked);
  }

  on(): never {
    throw new Error('there are no events but those of the rooms');
  }

  unwrap<T>(): T {
    return this.#rooms as T;
  }
}

function interestOf(type: string, handler: MessageHandler): EventFilter {
  if (handler.next) throw new Error(`two handlers of one room hear ${type}`);
  const { where } = (handler.extras ?? {}) as Pick<EventFilter, 'where'>;
  return { type, ...(where && { where }) };
}

async function deliver(handler: MessageHandler, event: Envelope): Promise<void> {
  const outcome: unknown = await handler(event, undefined);
  if (isObservable(outcome)) await lastValueFrom(outcome, { defaultValue: undefined });
}
