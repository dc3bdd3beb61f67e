import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '@eventstore/db-client';
import { appendFailed, retryRead } from './failures.ts';

const grpc = (code: number, details: string) =>
  Object.assign(new Error(`${code} : ${details}`), {
    code,
    details,
    metadata: { get: () => [], toHttp2Headers: () => ({}) },
  });
const unavailable = (details: string) => new UnavailableError(grpc(14, details) as never);

test.each([
  ['a node that starts, stops or has no quorum', unavailable('Server Is Not Ready'), 'not-appended'],
  [
    'nobody listens there',
    grpc(14, 'No connection established. Last error: connect ECONNREFUSED'),
    'not-appended',
  ],
  ['TLS fails', grpc(14, 'No connection established. Last error: self-signed certificate'), 'not-appended'],
  ['no such name', grpc(14, 'Name resolution failed for target dns:nowhere:2113'), 'not-appended'],
  [
    'it waited for a connection that was given up',
    unavailable('Channel closed before call started'),
    'not-appended',
  ],
  ['a node that is too busy', unavailable('Server Is Too Busy'), 'unknown'],
  ['the connection broke', unavailable('Connection dropped'), 'unknown'],
  ['a deadline', grpc(4, 'Deadline exceeded'), 'unknown'],
  ['forwarding took too long', grpc(10, 'Operation timed out: Forwarding timeout'), 'unknown'],
  [
    'a server that wants to be asked less',
    grpc(8, 'Bandwidth exhausted or memory limit exceeded'),
    'unknown',
  ],
  ['something else', new Error('else'), 'unknown'],
])('of an append that failed it is known where %s', (_, error, outcome) => {
  expect(appendFailed(error, 's')).toMatchObject({ name: 'StoreUnavailable', outcome });
});

test('more than the server reads at all is refused for good', () => {
  const error = grpc(8, 'Received message exceeds the maximum configured message size.');
  expect(appendFailed(error, 's')).toMatchObject({ name: 'AppendRefused', stream: 's' });
});

test('all tries together take no longer than one may', async () => {
  const began = performance.now();
  const given: number[] = [];
  const read = retryRead(300, async (within) => {
    given.push(within);
    await sleep(120);
    throw unavailable('Server Is Not Ready');
  });
  await expect(read).rejects.toMatchObject({ name: 'StoreUnavailable' });
  expect(performance.now() - began).toBeLessThan(500);
  expect(given.length).toBeGreaterThan(1);
  expect(given).toEqual(given.toSorted((a, b) => b - a));
  expect(given.at(-1)).toBeGreaterThan(0);
  expect(given.at(-1)).toBeLessThan(300 - 120);
});
