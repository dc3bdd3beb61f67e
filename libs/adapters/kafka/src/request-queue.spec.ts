import { createRequire } from 'node:module';
import './request-queue.ts';

interface Queue {
  readonly pending: object[];
  throttleCheckTimeoutId: unknown;
  throttledUntil: number;
  push(request: { readonly entry: object; readonly correlationId: number; sendRequest(): void }): void;
  scheduleCheckPendingRequests(): void;
  destroy(): void;
}

type Make = new (options: object) => Queue;
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as Make;
const newQueue = () =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1_000,
    clientId: 'c',
    broker: 'b',
    logger: { debug() {} },
  });
const requestOf = (correlationId: number, sendRequest: () => void) => ({
  entry: { correlationId, resolve() {} },
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
