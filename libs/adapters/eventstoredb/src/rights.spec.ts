import { EventStoreDBClient } from '@eventstore/db-client';
import { temporaryDirectory } from '@sparekey/testing';
import { EventStoreDbStandIn } from '@sparekey/testing/services';
import { connectEventStoreDb, connectWithoutLogin } from './index.ts';
import { examineRights } from './rights.ts';

/* Two stand-ins play two logins on one server: each may do there what it is told. */

const temporary = [temporaryDirectory(), temporaryDirectory()] as const;
const STREAM = 'domain-trial-of-rights';
let own: EventStoreDbStandIn;
let anybody: EventStoreDbStandIn;

beforeAll(async () => {
  [own, anybody] = (await Promise.all(
    temporary.map(({ path }) => EventStoreDbStandIn.start({ directory: path })),
  )) as [EventStoreDbStandIn, EventStoreDbStandIn];
});
afterEach(() => {
  own.faults.mend();
  anybody.faults.mend();
});
afterAll(async () => {
  for (const standIn of [own, anybody]) await standIn.stop();
  for (const one of temporary) one.remove();
});

async function examine() {
  const clients = [own, anybody].map(({ url }) => connectEventStoreDb(url, false));
  try {
    return await examineRights(clients[0]!, clients[1]!, STREAM, 2_000);
  } finally {
    for (const client of clients) await client.dispose();
  }
}
const wrong = async () =>
  (await examine())
    .filter(({ allowed, wanted }) => allowed !== wanted)
    .map(({ who, may, allowed }) => `${who} ${allowed ? 'may' : 'may not'} ${may}`);

test('are as they should be where our login reads all and appends, and nobody else does anything', async () => {
  own.faults.deny('delete', 'set-metadata');
  anybody.faults.deny('$all', 'read', 'append', 'delete', 'get-metadata', 'set-metadata');
  expect(await wrong()).toEqual([]);
  anybody.faults.deny('login');
  expect(await wrong()).toEqual([]);
});

test.each([
  [['$all'] as const, ['sparekey may not read-all']],
  [['read'] as const, ['sparekey may not read']],
  [['append'] as const, ['sparekey may not append']],
  [['get-metadata'] as const, ['sparekey may not read-metadata']],
  [[] as const, ['sparekey may delete', 'sparekey may delete-for-good', 'sparekey may set-metadata']],
])('that our login lacks (%s) or has too much of are told', async (denied, told) => {
  own.faults.deny(...denied, ...(denied.length > 0 ? (['delete', 'set-metadata'] as const) : []));
  anybody.faults.deny('login');
  expect(await wrong()).toEqual(told);
});

test('that everybody has are told, and finding out writes nothing', async () => {
  own.faults.deny('delete', 'set-metadata');
  expect(await wrong()).toEqual([
    'anybody may read-all',
    'anybody may read',
    'anybody may append',
    'anybody may delete',
    'anybody may delete-for-good',
    'anybody may read-metadata',
    'anybody may set-metadata',
  ]);
  const client = connectEventStoreDb(anybody.url, false);
  const seen: string[] = [];
  for await (const { event } of client.readAll()) seen.push(event!.streamId);
  await client.dispose();
  expect(seen.filter((name) => name.includes('trial'))).toEqual([]);
});

test('cannot be told where nobody answers, which is no right and no lack of one', async () => {
  anybody.faults.refuse();
  await expect(examine()).rejects.toThrow('Not Ready');
});

test('of one’s own machine are not asked for without TLS; else the address is used without login and certificate', async () => {
  expect(connectWithoutLogin('esdb://sparekey:zebra@127.0.0.1:2113?tls=false', false)).toBeUndefined();
  const given: string[] = [];
  const connect = EventStoreDBClient.connectionString.bind(EventStoreDBClient);
  EventStoreDBClient.connectionString = (url, ...parts) => {
    given.push(String(url));
    return connect(url, ...parts);
  };
  const elsewhere = [
    connectWithoutLogin('esdb://sparekey:zebra@a.example:2113?tls=false', true),
    connectWithoutLogin(
      'kurrentdb+discover://sparekey:zebra@a.example?userCertFile=/no&userKeyFile=/no',
      false,
    ),
  ];
  EventStoreDBClient.connectionString = connect;
  expect(given).toEqual([
    'esdb://a.example:2113?tls=false&gossipTimeout=1',
    'esdb+discover://a.example?gossipTimeout=1',
  ]);
  for (const client of elsewhere) await client!.dispose();
});
