import { STREAM_PREFIXES } from '@sparekey/contracts';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import type { LogConfiguration } from '@sparekey/hosting/services';

/** Whether nothing has happened yet in this installation: secrets are made only then. */
export async function isLogEmpty(log: LogConfiguration): Promise<boolean> {
  const store = new EventStoreDbEventStore({
    client: connectEventStoreDb(log.eventStoreUrl, log.allowPlaintext),
    prefixes: STREAM_PREFIXES,
    namespace: log.namespace,
    onTrouble: () => undefined,
  });
  try {
    return (await store.newestTime()) === undefined;
  } finally {
    await store.close();
  }
}
