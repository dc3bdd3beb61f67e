import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type AppendResult,
  type AppendToStreamOptions,
  type EventData,
  type Filter,
  type Position,
  type ReadPosition,
} from '@eventstore/db-client';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '../eventstoredb-stand-in.ts';

export const noted = (text: string, id: string = randomUUID()) =>
  jsonEvent({ id, type: 'Noted', data: { text }, metadata: { by: 'ada' } });

/** A stand-in of its own for one spec, and the real client beside it. */
export class Trial {
  readonly client: EventStoreDBClient;
  readonly standIn: EventStoreDbStandIn;
  readonly #remove: () => void;
  readonly #subscriptions: AllStreamSubscription[] = [];

  private constructor(standIn: EventStoreDbStandIn, remove: () => void) {
    this.standIn = standIn;
    this.client = EventStoreDBClient.connectionString(standIn.url);
    this.#remove = remove;
  }

  static async start(): Promise<Trial> {
    const { path: directory, remove } = temporaryDirectory();
    return new Trial(await EventStoreDbStandIn.start({ directory, statsEvery: 5 }), remove);
  }

  append(
    stream: string,
    events: EventData | EventData[],
    options: AppendToStreamOptions = {},
  ): Promise<AppendResult> {
    return this.client.appendToStream(stream, events, options);
  }

  /** @returns its name */
  async newStream(...said: readonly string[]): Promise<string> {
    const stream = `note-${randomUUID()}`;
    await this.append(
      stream,
      said.map((text) => noted(text)),
    );
    return stream;
  }

  subscribe(fromPosition: ReadPosition, filter?: Filter): Heard {
    const subscription = this.client.subscribeToAll({ fromPosition, ...(filter && { filter }) });
    this.#subscriptions.push(subscription);
    return new Heard(subscription);
  }

  async endOfLog(): Promise<Position> {
    const [last] = await all(this.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }));
    return last!.event!.position;
  }

  /** Nothing goes wrong any more, and nobody listens. */
  async reset(): Promise<void> {
    this.standIn.faults.mend();
    for (const subscription of this.#subscriptions.splice(0)) await subscription.unsubscribe();
  }

  async end(): Promise<void> {
    await this.client.dispose();
    await this.standIn.stop();
    this.#remove();
  }
}

/** What a subscription brought, in its order. */
export class Heard {
  readonly subscription: AllStreamSubscription;
  readonly order: ('confirmation' | 'event' | 'caughtUp')[] = [];
  readonly events: AllStreamResolvedEvent[] = [];
  error: Error | undefined;

  constructor(subscription: AllStreamSubscription) {
    this.subscription = subscription;
    subscription.on('confirmation', () => void this.order.push('confirmation'));
    subscription.on('caughtUp', () => void this.order.push('caughtUp'));
    subscription.on('error', (error: Error) => (this.error = error));
    subscription.on('data', (resolved) => {
      this.order.push('event');
      this.events.push(resolved);
    });
  }

  get texts(): string[] {
    return this.events.map(({ event }) => (event!.data as { text: string }).text);
  }

  hasCaughtUp(): Promise<void> {
    return until(() => this.order.includes('caughtUp'));
  }

  hasHeard(texts: number): Promise<void> {
    return until(() => this.events.length >= texts);
  }
}

/** Waits until it is so. @throws after ten seconds */
export async function until(condition: () => boolean): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(5))
    if (performance.now() - began > 10_000) throw new Error('waited in vain');
}

export async function all<T>(reading: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of reading) found.push(one);
  return found;
}

export async function texts(reading: AsyncIterable<{ event?: { data?: unknown } }>): Promise<string[]> {
  return (await all(reading)).map(({ event }) => (event?.data as { text: string }).text);
}

/** What the call failed with. */
export const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
