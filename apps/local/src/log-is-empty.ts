import { STREAM_PREFIXES } from '@sparekey/contracts';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';

/** Whether nothing has happened yet: secrets are made only then. */
export async function isLogEmpty(url: string): Promise<boolean> {
  const client = connectEventStoreDb(url, false);
  const store = new EventStoreDbEventStore({ client, prefixes: STREAM_PREFIXES, onTrouble: () => undefined });
  try {
    return (await store.newestTime()) === undefined;
  } finally {
    await store.close();
  }
}
