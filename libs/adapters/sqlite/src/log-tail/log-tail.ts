import {
  RoomTail,
  type Envelope,
  type Interest,
  type Parked,
  type RoomTailOptions,
} from '@sparekey/event-sourcing';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

export type LogTailOptions = Omit<RoomTailOptions, 'room' | 'interests' | 'deliver'>;

/**
 * Nest's event handlers fed from the log itself, without a broker: a transport strategy that takes the patterns
 * `room:type`, and gives each room a {@link RoomTail} of its own.
 */
export class LogTail extends Server implements CustomTransportStrategy {
  /** A handler's error comes back here, and is not merely logged. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: LogTailOptions;
  readonly #rooms = new Map<string, RoomTail>();

  constructor(options: LogTailOptions) {
    super();
    this.#options = options;
  }

  listen(started: () => void): void {
    const byRoom = Map.groupBy(this.messageHandlers, ([pattern]) => pattern.slice(0, pattern.indexOf(':')));
    for (const [room, handlers] of byRoom) {
      const byType = new Map(handlers.map(([pattern, handler]) => [pattern.slice(room.length + 1), handler]));
      const tail = new RoomTail({
        ...this.#options,
        room,
        interests: [...byType].map(([type, handler]) => interestOf(type, handler)),
        deliver: (event) => deliver(byType.get(event.type)!, event),
      });
      this.#rooms.set(room, tail);
      tail.start();
    }
    started();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#rooms.values()].map((tail) => tail.stop()));
    this.#rooms.clear();
  }

  /** What Nest connects. */
  get strategy(): this {
    return this;
  }

  /** The rooms that hear. */
  get rooms(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  /** See {@link RoomTail.retry}. @throws where no such room hears here */
  retry(parked: Parked): Promise<Parked | undefined> {
    const tail = this.#rooms.get(parked.room);
    if (!tail) throw new Error(`there is no room ${parked.room} here`);
    return tail.retry(parked);
  }

  on(): never {
    throw new Error('the log tail has no events of its own');
  }

  unwrap<T>(): T {
    return this.#rooms as T;
  }
}

function interestOf(type: string, handler: MessageHandler): Interest {
  if (handler.next) throw new Error(`two handlers of one room hear ${type}`);
  const { where } = (handler.extras ?? {}) as Pick<Interest, 'where'>;
  return { type, ...(where && { where }) };
}

async function deliver(handler: MessageHandler, event: Envelope): Promise<void> {
  const outcome: unknown = await handler(event, undefined);
  if (isObservable(outcome)) await lastValueFrom(outcome, { defaultValue: undefined });
}
