import type { EventStore, EventFilter, ReadOn } from './event-store.ts';

/** Further behind is far behind. */
const COUNTED = 10_000;

/**
 * For who follows the log, and is told of more by `onAppended`: what the store has at hand already, else a read. What is
 * appended meanwhile may be missing; word of it comes.
 *
 * @throws StoreUnavailable
 */
export async function readOn(
  store: EventStore,
  after: string | undefined,
  limit: number,
  filters?: readonly EventFilter[],
): Promise<ReadOn> {
  const atHand = store.atHand?.(after, limit, filters);
  if (atHand) return atHand;
  const end = await store.end(); // before the page: what comes later is seen the next time
  const events = await store.readAll(after, limit, filters);
  return { events, upTo: events.at(-1)?.position ?? end ?? after };
}

/**
 * How many events there are behind a position as far as was heard, for figures that others look in for: nobody waits for a read
 * where the store has them at hand.
 *
 * @throws StoreUnavailable
 */
export async function countBehind(store: EventStore, position: string | undefined): Promise<number> {
  const atHand = store.atHand?.(position, COUNTED);
  return atHand ? atHand.events.length : store.countAfter(position);
}
