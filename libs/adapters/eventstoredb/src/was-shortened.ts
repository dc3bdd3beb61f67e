import { AccessDeniedError, BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { LogDamaged } from '@sparekey/event-sourcing';
import { retryRead } from './failures.ts';
import { PERMISSION_DENIED } from './reasons.ts';
import { wholePage } from './whole-page.ts';

/** What the metadata of a stream say of how much of it is kept. A deletion after which it can begin again is such a cut. */
const SHORTENS = ['$tb', '$maxCount', '$maxAge'];

/** @param metadata of a stream, as the server keeps it: who may do what stands there, too, and takes nothing away */
export const shortens = (metadata: unknown): boolean =>
  SHORTENS.some((name) => name in (Object(metadata) as object));

export const shortened = (stream: string): LogDamaged =>
  new LogDamaged(
    `${stream}: events at its beginning are gone; somebody deleted it, or set $maxCount, $maxAge or $tb`,
  );

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
  return shortens(metadata?.data);
}

const isDenied = (error: unknown): boolean =>
  error instanceof AccessDeniedError || (error as { code?: unknown }).code === PERMISSION_DENIED;
