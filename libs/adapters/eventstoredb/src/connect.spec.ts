import { setTimeout as sleep } from 'node:timers/promises';
import { connectivityState, type Channel } from '@grpc/grpc-js';
import { closeClient } from './connect.ts';
import { connectEventStoreDb, EventStoreDbFault } from './index.ts';

describe('an address', () => {
  test.each([
    ['http://localhost:2113', 'must be an address'],
    ['esdb://', 'must be an address'],
    ['esdb://admin:zebra@store.example:2113?tls=false', 'tls=false'],
    ['esdb://admin:zebra@store.example:2113?tls=true&tlsVerifyCert=false', 'tlsVerifyCert'],
  ])('%s is refused, and no password stands in the message', (url, text) => {
    const connect = () => connectEventStoreDb(url, false);
    expect(connect).toThrow(EventStoreDbFault);
    expect(connect).toThrow(text);
    expect(connect).not.toThrow(/zebra/);
  });

  test.each([
    'esdb://127.0.0.1:2113?tls=false',
    'esdb://a.example,b.example,c.example',
    'esdb+discover://admin:x@a.example:2113,b.example:2113',
  ])('%s is taken', (url) => expect(connectEventStoreDb(url, false)).toBeDefined());

  test('whose authority is not there says so', () => {
    const connect = () => connectEventStoreDb('esdb://admin:zebra@a.example?tlsCAFile=/not/there', false);
    expect(connect).toThrow('tlsCAFile');
    expect(connect).not.toThrow(/zebra/);
  });

  test('in the clear to a server elsewhere is taken where the operator says so', () => {
    expect(connectEventStoreDb('esdb://store.example:2113?tls=false', true)).toBeDefined();
  });
});

test('a client whose calls never end is closed all the same, and its channel with it', async () => {
  const client = connectEventStoreDb('esdb://127.0.0.1:9?tls=false', false);
  client.dispose = () => new Promise(() => undefined);
  const inner = client as unknown as { getChannel(): Promise<Channel> };
  const channel = await inner.getChannel();
  inner.getChannel = () => sleep(20, channel);
  await closeClient(client);
  expect(channel.getConnectivityState(false)).toBe(connectivityState.SHUTDOWN);
});
