import { jest } from '@jest/globals';
import { createRequire } from 'node:module';
import './request-queue.ts';

interface Queue {
  readonly pending: object[];
  throttleCheckTimeoutId: unknown;
  throttledUntil: number;
  push(request: { readonly entry: object; readonly correlationId: number; sendRequest(): void }): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

type Make = new (options: object) => Queue;
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as Make;
const newQueue = (options = {}) =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 200,
    enforceRequestTimeout: true,
    clientId: 'c',
    broker: 'b',
    logger: { debug() {} },
    ...options,
  });
const requestOf = (
  correlationId: number,
  sendRequest: () => void,
  reject: (error: Error) => void = () => undefined,
) => ({
  entry: { correlationId, resolve() {}, reject },
  expectResponse: true,
  correlationId,
  sendRequest,
});

test('a connection on which nothing waits is not looked after', () => {
  const queue = newQueue();
  queue.scheduleCheckPendingRequests();
  expect(queue.throttleCheckTimeoutId).toBeNull();
});

test('what waits because the broker asked for patience is sent when that is over', async () => {
  const queue = newQueue();
  queue.throttledUntil = Date.now() + 20;
  const sent = Promise.withResolvers<void>();
  queue.push(requestOf(1, sent.resolve));
  expect(queue.pending).toHaveLength(1);
  await sent.promise;
  expect(queue.pending).toHaveLength(0);
  queue.destroy();
});

test('an answer that does not come is given up', async () => {
  const queue = newQueue();
  queue.scheduleRequestTimeoutCheck();
  const given = Promise.withResolvers<Error>();
  queue.push(requestOf(1, () => undefined, given.resolve));
  expect((await given.promise).message).toContain('timed out');
  queue.destroy();
});

test('whether an answer is overdue is not looked at all the time', () => {
  const every = jest.spyOn(globalThis, 'setInterval');
  const queue = newQueue({ requestTimeout: 15_000 });
  queue.scheduleRequestTimeoutCheck();
  queue.destroy();
  expect(every.mock.calls.map(([, ms]) => ms)).toEqual([3_000]);
  every.mockRestore();
});
