import { EventStoreDBClient } from '@eventstore/db-client';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { documentedRights, GuardedStandIn } from '@sparekey/testing/services';
import { connectEventStoreDb, connectWithoutLogin, EventStoreDbEventStore } from './index.ts';
import { examineRights } from './rights.ts';

/* On the stand-in, which judges logins and access lists as the server does, and is set here as operators set theirs. */

const STREAM = 'domain-trial-of-rights';
const BY_DEFAULT = [
  'sparekey may not read-all',
  'sparekey may delete',
  'sparekey may delete-for-good',
  'sparekey may set-metadata',
];
let server: GuardedStandIn;

beforeAll(async () => {
  server = await GuardedStandIn.start();
});
afterEach(() => server.set({}));
afterAll(() => server.close());

async function examine(at = server, ownUrl = at.url('sparekey')) {
  const clients = [ownUrl, at.url()].map((url) => connectEventStoreDb(url, false));
  try {
    return await examineRights(clients[0]!, clients[1]!, STREAM, 2_000);
  } finally {
    for (const client of clients) await client.dispose();
  }
}
const wrong = async (at?: GuardedStandIn) =>
  (await examine(at))
    .filter(({ allowed, wanted }) => allowed !== wanted)
    .map(({ who, may, allowed }) => `${who} ${allowed ? 'may' : 'may not'} ${may}`);

test('are as they should be where the server is set as docs/operations.md says', async () => {
  await server.set(documentedRights());
  expect(await wrong()).toEqual([]);
});

test('by the server’s default are told: every login may do too much, and none but an administrator’s reads everything', async () => {
  expect(await wrong()).toEqual(BY_DEFAULT);
});

test('that anybody has are told, and finding out writes nothing', async () => {
  const open = await GuardedStandIn.start({ letsAnybodyIn: true });
  const everything = ['read', 'append', 'delete', 'delete-for-good', 'read-metadata', 'set-metadata'];
  expect(await wrong(open)).toEqual([...BY_DEFAULT, ...everything.map((right) => `anybody may ${right}`)]);
  const admin = connectEventStoreDb(open.url('admin'), false);
  const seen: string[] = [];
  for await (const { event } of admin.readAll()) seen.push(event!.streamId);
  await admin.dispose();
  await open.close();
  expect(seen.filter((name) => name.includes('trial'))).toEqual([]);
});

test.each([
  ['$r', ['sparekey may not read']],
  ['$w', ['sparekey may not append']],
  ['$mr', ['sparekey may not read-metadata']],
])('that our login lacks are told (%s)', async (right, told) => {
  const { all, settings } = documentedRights();
  await server.set({
    all,
    settings: { $userStreamAcl: { ...settings.$userStreamAcl, [right]: '$admins' } },
  });
  expect(await wrong()).toEqual(told);
});

test('cannot be told where nobody answers, which is no right and no lack of one', async () => {
  await expect(examine(server, 'esdb://127.0.0.1:9?tls=false')).rejects.toThrow(/No connection|discover/);
});

describe('a right or login that is taken away', () => {
  const open = (url = server.url('sparekey')) =>
    new EventStoreDbEventStore({
      client: connectEventStoreDb(url, false),
      prefixes: ['sample-'],
      onTrouble: () => undefined,
    });
  const failsWith = async (store: EventStoreDbEventStore, reason: RegExp) => {
    await expect(store.end()).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringMatching(reason),
    });
    await store.close();
  };

  test('($all) is told as that, and streams are written and read all the same', async () => {
    await server.set(documentedRights());
    const store = open();
    await store.append('sample-1', 'no-stream', [sampleEvent()]);
    expect(await store.end()).toBeDefined();
    await server.set({ settings: documentedRights().settings });
    await store.append('sample-1', 0, [sampleEvent()]);
    await failsWith(store, /which rights it needs/);
  });

  test('(the login) is told as that', () =>
    failsWith(open(server.url('sparekey', 'other-words')), /does not know the login/));

  test('(metadata) keeps nobody from reading a stream that has not begun', async () => {
    const { all, settings } = documentedRights();
    await server.set({ all, settings: { $userStreamAcl: { ...settings.$userStreamAcl, $mr: '$admins' } } });
    const store = open();
    await expect(store.read('sample-2')).resolves.toEqual([]);
    await store.close();
  });
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
