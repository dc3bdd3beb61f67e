import { AccessDeniedError, BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { retryRead } from './failures.ts';
import { PERMISSION_DENIED } from './reasons.ts';
import { wholePage } from './whole-page.ts';

/** What the metadata of a stream say of how much of it is kept. A deletion after which it can begin again is such a cut. */
const SHORTENS = ['$tb', '$maxCount', '$maxAge'];

/**
 * Whether somebody said how much of a stream of ours is kept, or deleted it, which we never do: where nothing is read of a stream,
 * that tells one that was emptied from one that never was. A login that may not know counts it as one that never was.
 *
 * @throws StoreUnavailable
 */
export async function wasShortened(
  client: EventStoreDBClient,
  stream: string,
  timeout: number,
): Promise<boolean> {
  const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
  const read = (within: number) =>
    wholePage((deadline) => client.readStream(`$$${stream}`, { ...options, deadline }), within);
  const [metadata] = await retryRead(timeout, (within) =>
    read(within).catch((error: unknown) => {
      if (isDenied(error)) return [];
      throw error;
    }),
  );
  const said = Object(metadata?.data) as object;
  return SHORTENS.some((name) => name in said);
}

const isDenied = (error: unknown): boolean =>
  error instanceof AccessDeniedError || (error as { code?: unknown }).code === PERMISSION_DENIED;
