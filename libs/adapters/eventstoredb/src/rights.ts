import {
  AccessDeniedError,
  BACKWARDS,
  END,
  jsonEvent,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import type { StoreRight } from '@sparekey/event-sourcing';
import { wholePage } from './whole-page.ts';

/** What a login may do, tried out. */
const TRIALS: Readonly<
  Record<StoreRight['may'], (client: EventStoreDBClient, stream: string, within: number) => Promise<unknown>>
> = {
  'read-all': (client, _stream, within) =>
    wholePage(
      (deadline) => client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, deadline }),
      within,
    ),
  read: (client, stream, within) =>
    wholePage((deadline) => client.readStream(stream, { maxCount: 1, deadline }), within),
  append: (client, stream, within) =>
    client.appendToStream(stream, jsonEvent({ type: 'Trial', data: {} }), {
      expectedRevision: NEVER,
      deadline: within,
    }),
  delete: (client, stream, within) =>
    client.deleteStream(stream, { expectedRevision: NEVER, deadline: within }),
  'delete-for-good': (client, stream, within) =>
    client.tombstoneStream(stream, { expectedRevision: NEVER, deadline: within }),
  'read-metadata': (client, stream, within) =>
    wholePage((deadline) => client.readStream(`$$${stream}`, { maxCount: 1, deadline }), within),
  'set-metadata': (client, stream, within) =>
    client.setStreamMetadata(stream, {}, { expectedRevision: NEVER, deadline: within }),
};
/** The revision at which no stream ends. Rights are judged first (so in the server's source); what expects it is then refused, and nothing is written. */
const NEVER = 2n ** 52n;

const OURS: ReadonlySet<StoreRight['may']> = new Set(['read-all', 'read', 'append', 'read-metadata']);

/**
 * What our login may do on streams of ours, and what anybody may who has none; nothing is changed by it.
 *
 * @param stream a name of ours that no stream has
 * @param within so many milliseconds each call has to be over
 * @throws what the client throws where a right can neither be seen nor be missed
 */
export async function examineRights(
  own: EventStoreDBClient,
  anybody: EventStoreDBClient,
  stream: string,
  within: number,
): Promise<StoreRight[]> {
  const rights = Object.keys(TRIALS) as StoreRight['may'][];
  const of = (who: StoreRight['who'], client: EventStoreDBClient) =>
    rights.map(async (may): Promise<StoreRight> => {
      const allowed = await isAllowedTo(() => TRIALS[may](client, stream, within));
      return { who, may, allowed, wanted: who === 'sparekey' && OURS.has(may) };
    });
  return Promise.all([...of('sparekey', own), ...of('anybody', anybody)]);
}

async function isAllowedTo(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (error instanceof AccessDeniedError) return false; // also where the server does not know who asks
    if (error instanceof WrongExpectedVersionError || error instanceof StreamNotFoundError) return true;
    throw error;
  }
}
