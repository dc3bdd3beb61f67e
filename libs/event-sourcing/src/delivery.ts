import type { Codec } from './codec.ts';
import type { Envelope, StoredEvent } from './envelope.ts';
import type { EventStore, EventFilter } from './event-store.ts';
import type { ListenerState, Parked } from './listener-state.ts';
import { pause } from './wake.ts';

/** What a room wants to hear, and what is done with it. */
export interface SubscriptionOptions {
  readonly room: string;
  readonly filters: readonly EventFilter[];
  /** Handles one event. At least once, so it must be idempotent on the event's id. */
  readonly deliver: (event: Envelope) => Promise<void>;
}

/** One room hears: with a place of its own in what is said, its own budget of retries, its own parking place. */
export interface Subscription {
  start(): void;
  /** Events that it has yet to look at. */
  lag(): Promise<number>;
  /** Finishes what is being handled, and hears no more. */
  stop(): Promise<void>;
  /**
   * Tries a parked event once more, now.
   * @returns what went wrong, where something did; nothing where it is handled and no longer parked
   */
  retry(parked: Parked): Promise<Parked | undefined>;
}

export interface DeliveryOptions extends SubscriptionOptions {
  readonly store: EventStore;
  readonly state: ListenerState;
  readonly codec: Codec;
  readonly now: () => number;
  /** Told of what is parked and of what has to wait, for the log; without an event where what is said is not heard at all. */
  readonly onTrouble: (
    what: 'parked' | 'waiting',
    room: string,
    event: Pick<StoredEvent, 'id' | 'type'> | undefined,
    cause: string,
  ) => void;
  /** Milliseconds before the second try; each further one waits twice as long. */
  readonly firstWait?: number;
}

/** How often an event is tried before it is parked. */
export const DELIVERY_ATTEMPTS = 5;
export const FIRST_WAIT = 50;
export const LONGEST_WAIT = 5_000;
/** Events of different people are handled at once, up to this many. */
const LANES = 16;

/** What says nothing against the event: it is tried again until the store, the ring or the queue is back. */
const TRANSIENT = new Set(['StoreUnavailable', 'VaultUnavailable', 'Busy']);

/** Brings events to one room's handlers: in order for each person; what fails five times is parked with its cause. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #stop = new AbortController();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Nothing is begun any more; what is waiting for another try is left. */
  stop(): void {
    this.#stop.abort();
  }

  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** Handles or parks all of them. @param subject whom an event is about: those of one are handled in their order */
  async all<Said>(
    said: readonly Said[],
    subject: (one: Said) => string,
    handle: (one: Said) => Promise<void>,
  ): Promise<void> {
    const people = [...Map.groupBy(said, subject).values()];
    const lane = async () => {
      for (let events = people.shift(); events; events = people.shift()) {
        for (const event of events) await handle(event);
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES, people.length) }, lane));
  }

  /** Handles an event, or parks it. When it comes back because of {@link stop}, neither may have happened. */
  deliver(event: StoredEvent): Promise<void> {
    const { id: eventId, type, stream, revision, position = '' } = event;
    return this.retryOrPark({ eventId, type, stream, revision, position }, () => this.#handle(event));
  }

  /** The same for whatever can fail: tried again, and parked under this name. */
  async retryOrPark(
    place: Omit<Parked, 'room' | 'attempts' | 'cause' | 'parkedAt'>,
    handle: () => Promise<void>,
  ): Promise<void> {
    const { room, onTrouble, firstWait = FIRST_WAIT } = this.#options;
    const event = { id: place.eventId, type: place.type };
    for (let attempts = 1, tries = 0; !this.#stop.signal.aborted; tries++) {
      const error = await failureOf(handle);
      if (error === undefined) return;
      if (TRANSIENT.has(error.name)) {
        if (tries === 0) onTrouble('waiting', room, event, describe(error));
      } else if (attempts++ >= DELIVERY_ATTEMPTS || isFinal(error)) {
        const tried = Math.min(attempts - 1, DELIVERY_ATTEMPTS);
        if (await this.#park({ ...place, room, attempts: tried, cause: describe(error) })) return;
      }
      await pause(Math.min(firstWait * 2 ** tries, LONGEST_WAIT), this.stopped);
    }
  }

  /** See {@link Subscription.retry}. @param handle what is tried; by default the event as the log has it */
  async retry(parked: Parked, handle = () => this.#handleParked(parked)): Promise<Parked | undefined> {
    const { state, now } = this.#options;
    const error = await failureOf(handle);
    if (error === undefined) {
      await state.unpark(parked.room, parked.eventId);
      return undefined;
    }
    const again = { ...parked, attempts: parked.attempts + 1, cause: describe(error), parkedAt: now() };
    await state.park(again);
    return again;
  }

  async #handle(event: StoredEvent): Promise<void> {
    await this.#options.deliver(this.#options.codec.decode(event));
  }

  async #handleParked({ eventId, stream, revision, position }: Parked): Promise<void> {
    const stored = await readEvent(this.#options.store, { eventId, stream, revision });
    await this.#handle({ ...stored, position });
  }

  /** @returns whether it is parked: a place that is away is waited for like anything else */
  async #park(parked: Omit<Parked, 'parkedAt'>): Promise<boolean> {
    const { state, now, onTrouble, room } = this.#options;
    const event = { id: parked.eventId, type: parked.type };
    const failure = await failureOf(() => state.park({ ...parked, parkedAt: now() }));
    onTrouble(failure ? 'waiting' : 'parked', room, event, failure ? describe(failure) : parked.cause);
    return failure === undefined;
  }
}

/** Whether another try would change nothing, as who threw it says. */
const isFinal = (error: Error): boolean => (error as { readonly isFinal?: boolean }).isFinal === true;

/** What was said is not what the log holds. */
export class NotInTheLog extends Error {
  override readonly name = 'NotInTheLog';
}

/** @throws NotInTheLog where another event stands there, or none */
export async function readEvent(
  store: EventStore,
  { eventId, stream, revision }: Pick<Parked, 'eventId' | 'stream' | 'revision'>,
): Promise<StoredEvent> {
  const [stored] = await store.read(stream, { from: revision, limit: 1 });
  if (stored?.id !== eventId) throw new NotInTheLog('the log holds no such event there');
  return stored;
}

async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Name, message and where it was thrown, and the same of what caused it: never the values that errors carry. */
export function describe(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${describe(error.cause)}` : own;
}
