import { setTimeout as sleep } from 'node:timers/promises';
import {
  LogDamaged,
  readOn,
  StoreUnavailable,
  WrongExpectedRevision,
  type EventRecord,
  type ExpectedRevision,
} from '@sparekey/event-sourcing';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { connectEventStoreDb } from '../connect.ts';
import { EventStoreDbEventStore } from '../eventstoredb-event-store.ts';

/* What works with a log while it fails: writers, and who follows it. */

export const PAUSE_MS = 20;

/**
 * One writer on a stream of its own: what has no answer is sent again, the same, until it has one. Where the stream ends elsewhere
 * than was known, it goes on from there.
 */
export class Writer {
  readonly acknowledged: string[] = [];
  /** Where the stream was found to hold other than what had been acknowledged: how much of it was kept. */
  readonly overtaken: { readonly kept: number; readonly acknowledged: number }[] = [];
  lastAt = 0;
  readonly #store: EventStoreDbEventStore;
  readonly stream: string;

  constructor(store: EventStoreDbEventStore, stream: string) {
    this.#store = store;
    this.stream = stream;
  }

  async writeUntil(isOver: () => boolean): Promise<void> {
    for (let expected: ExpectedRevision = 'no-stream'; !isOver(); await sleep(PAUSE_MS)) {
      const event = sampleEvent();
      expected = await this.#persist(expected, event);
      this.acknowledged.push(event.id);
      this.lastAt = performance.now();
    }
  }

  async #persist(expected: ExpectedRevision, event: EventRecord): Promise<number> {
    for (let behind = expected; ;) {
      try {
        return await this.#store.append(this.stream, behind, [event]);
      } catch (error) {
        if (error instanceof WrongExpectedRevision) {
          behind = error.actual;
          const kept = behind === 'no-stream' ? 0 : behind + 1;
          this.overtaken.push({ kept, acknowledged: this.acknowledged.length });
        } else if (!(error instanceof StoreUnavailable)) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}

/** Follows the log from its beginning, and from there anew when it learns that the log is another one. */
export async function follow(
  { store, troubles }: ReturnType<typeof open>,
  isOver: () => boolean,
): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>();
  let position: string | undefined;
  let told = 0;
  const beginAnew = () => {
    seen.clear();
    position = undefined;
  };
  while (!isOver()) {
    const next = await readOn(store, position, 500).catch((error: unknown) => {
      if (error instanceof LogDamaged) beginAnew();
      return undefined; // it is away: again
    });
    if (troubles.slice(told).some((cause) => cause.includes('restored'))) {
      told = troubles.length;
      beginAnew();
      continue;
    }
    for (const { stream, id } of next?.events ?? []) seen.set(stream, [...(seen.get(stream) ?? []), id]);
    position = next?.upTo ?? position;
    await sleep(PAUSE_MS);
  }
  return seen;
}

export const open = (url: string) => {
  const troubles: string[] = [];
  const client = connectEventStoreDb(url, false);
  const store = new EventStoreDbEventStore({
    client,
    prefixes: ['sample-'],
    onTrouble: (cause) => troubles.push(cause),
  });
  return {
    store,
    troubles,
    client: client as unknown as { readonly disposableStreams: ReadonlySet<unknown> },
  };
};

/** The ids that stand in a stream, in order. */
export async function idsOf(store: EventStoreDbEventStore, stream: string): Promise<string[]> {
  const ids: string[] = [];
  for (let page = [{ id: '' }] as readonly { id: string }[]; page.length > 0;) {
    page = await store.read(stream, { from: ids.length });
    ids.push(...page.map(({ id }) => id));
  }
  return ids;
}
