import { cpSync } from 'node:fs';
import { FORWARDS, jsonEvent, type EventStoreDBClient } from '@eventstore/db-client';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';
import { closeClient, connectEventStoreDb } from './connect.ts';
import { LogReader } from './log-reader.ts';
import { positionText } from './positions.ts';
import { wholePage } from './whole-page.ts';

const TIMEOUT = 2_000;
/** More than are looked over here, so that the server is asked to search. */
const MANY = 40;

async function write(client: EventStoreDBClient, stream: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await client.appendToStream(stream, jsonEvent({ type: 'Sample', data: { text: 'x'.repeat(7 * n) } }));
}

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

function folder(): string {
  const { path, remove } = temporaryDirectory();
  endings.push(remove);
  return path;
}

async function serve(directory: string, port?: number) {
  const standIn = await EventStoreDbStandIn.start({ directory, ...(port !== undefined && { port }) });
  endings.push(() => standIn.stop());
  return standIn;
}

function connect(url: string): EventStoreDBClient {
  const client = connectEventStoreDb(url, false);
  endings.push(() => closeClient(client));
  return client;
}

test('a search from a place of a log that was restored, and has grown past it, begins anew', async () => {
  const [whole, restored] = [folder(), folder()];
  const first = await serve(whole);
  const client = connect(first.url);
  const troubles: string[] = [];
  const reader = new LogReader({
    client,
    timeout: TIMEOUT,
    prefixes: ['sample-'],
    onDamage: (cause) => troubles.push(cause),
    onRestored: () => troubles.push('begins anew'),
  });
  await write(client, 'sample-kept', 1);
  const kept = (await reader.newestOfOurs())!;
  cpSync(whole, restored, { recursive: true });
  await write(client, 'sample-lost', 3);
  const lost = (await reader.newestOfOurs())!;
  expect(lost.streamId).toBe('sample-lost');
  await first.stop();

  const older = await serve(restored, Number(new URL(first.url).port));
  const other = connect(older.url);
  await write(other, 'others', MANY);
  const there = () => other.readAll({ direction: FORWARDS, fromPosition: lost.position, maxCount: 1 });
  await expect(wholePage(there, TIMEOUT)).rejects.toThrow('Unexpected ReadAllResult'); // no record begins there any more
  expect(await reader.newestOfOurs()).toMatchObject({ id: kept.id });
  expect(troubles).toEqual([
    expect.stringContaining('no event stands any more where one was seen'),
    'begins anew',
  ]);
  expect((await reader.ours(positionText(kept.position), 10, () => true)).length).toBe(0);
});
