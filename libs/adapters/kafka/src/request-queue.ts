import { createRequire } from 'node:module';

/** What kafkajs keeps to itself: what waits to be sent over one connection. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};
const schedule = prototype.scheduleCheckPendingRequests;

/**
 * kafkajs 2.2.4 looks after what waits to be sent a thousand times a second on every connection, whether anything waits or not
 * (tulios/kafkajs#1704). Here it looks where something does: whatever comes later is looked after when it comes.
 */
prototype.scheduleCheckPendingRequests = function scheduleWhereSomethingWaits(this: RequestQueue) {
  if (this.pending.length > 0) schedule.call(this);
};
