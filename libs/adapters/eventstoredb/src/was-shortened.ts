import { AccessDeniedError, BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { retryRead } from './failures.ts';
import { wholePage } from './whole-page.ts';

/**
 * Whether somebody said what of a stream of ours is kept, or deleted it, which we never do: where nothing is read of a stream,
 * that tells one that was emptied from one that never was. A login that may not know counts it as never written: there only
 * administrators could have done it.
 *
 * @throws StoreUnavailable
 */
export async function wasShortened(
  client: EventStoreDBClient,
  stream: string,
  timeout: number,
): Promise<boolean> {
  const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
  const read = () => wholePage(client.readStream(`$$${stream}`, options), timeout);
  const said = await retryRead(() =>
    read().catch((error: unknown) => {
      if (error instanceof AccessDeniedError) return [];
      throw error;
    }),
  );
  return said.length > 0;
}
