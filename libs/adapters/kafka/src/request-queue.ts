import { createRequire } from 'node:module';

interface Request {
  readonly sentAt: number;
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** What kafkajs keeps to itself: what waits to be sent over one connection, and for what an answer is awaited. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, Request>;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly isConnected: () => boolean;
  requestTimeoutIntervalId?: NodeJS.Timeout;
  destroy(): void;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
  scheduleRequestTimeoutCheck: (this: RequestQueue) => void;
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

/** An answer is given up so much later than its time is over, at the latest (milliseconds). */
const LOOK_EVERY = 3_000;

/** And it looks ten times a second on every connection whether an answer is overdue, which is a matter of many seconds. */
prototype.scheduleRequestTimeoutCheck = function lookForOverdueAnswers(this: RequestQueue) {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  const look = () => {
    for (const request of this.inflight.values())
      if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!this.isConnected()) this.destroy();
  };
  this.requestTimeoutIntervalId = setInterval(look, Math.min(this.requestTimeout, LOOK_EVERY));
};
