import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

const IN_ONE_APPEND = 1_000;
let streams = 0;

/** Writes so many events as somebody else does who uses the same EventStoreDB. */
export async function writeAsStranger(url: string, events: number): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  for (let written = 0; written < events; written += IN_ONE_APPEND)
    await client.appendToStream(
      `stranger-${++streams}`,
      Array.from({ length: IN_ONE_APPEND }, () => jsonEvent({ type: 'Strange', data: { written } })),
    );
  await client.dispose();
}
