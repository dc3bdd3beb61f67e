import { setTimeout as sleep } from 'node:timers/promises';
import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  UnavailableError,
} from '@eventstore/db-client';
import { AppendRefused, LogDamaged, StoreUnavailable } from '@sparekey/event-sourcing';
import { reasonOf } from './reasons.ts';

/** How often a call is made that certainly changed nothing, and the wait before the next (milliseconds). */
const TRIES = 5;
const FIRST_WAIT = 20;

/** The call did not come back in time. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * A node that is starting, stopping or without a quorum; or none that could be reached at all, or not before another call found that
 * the connection hangs.
 */
const NOT_ASKED =
  /Server Is Not Ready|No connection established|Name resolution failed|Channel closed before call started/;

const wasNotAsked = (error: unknown): boolean =>
  error instanceof NotLeaderError ||
  ((error instanceof UnavailableError || isTransport(error)) && NOT_ASKED.test((error as Error).message));

/** What says that nothing was appended: the node was not asked, or knew who asked. */
const certainlyNothing = (error: unknown): boolean =>
  wasNotAsked(error) || error instanceof AccessDeniedError;

/** What another try may not meet again: the client looks for the leader before it. */
const mayPass = (error: unknown): boolean =>
  error instanceof NotLeaderError ||
  error instanceof UnavailableError ||
  error instanceof CancelledError ||
  error instanceof DeadlineExceededError ||
  isTransport(error);

/** What gRPC throws where the client did not turn it into an error of its own. */
function isTransport(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 14 || code === 1 || code === 4; // UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED
}

/** An append that failed: what is known of it. */
export function appendFailed(cause: unknown, stream: string): StoreUnavailable | AppendRefused {
  if (cause instanceof MaxAppendSizeExceededError || isLargerThanRead(cause))
    return new AppendRefused(stream, 'the events are larger than the server takes in one append', { cause });
  if (cause instanceof StreamDeletedError)
    return new AppendRefused(stream, 'somebody deleted the stream on the server', { cause });
  const outcome = certainlyNothing(cause) ? 'not-appended' : 'unknown';
  return new StoreUnavailable(outcome, { cause, reason: reasonOf(cause) });
}

/** A read of a stream that failed: somebody deleted it, or nothing is known of it now. */
export const readFailed = (error: Error, stream: string): Error =>
  error.cause instanceof StreamDeletedError
    ? new LogDamaged(`${stream}: somebody deleted it on the server, for good`)
    : error;

/** More than the server reads at all; gRPC has the same code for a server that wants to be asked less often, which passes. */
const isLargerThanRead = (cause: unknown): boolean =>
  (cause as { code?: unknown }).code === RESOURCE_EXHAUSTED &&
  !/Bandwidth exhausted/.test((cause as Error).message);
const RESOURCE_EXHAUSTED = 8;

/** A call that has to be over in so many milliseconds. */
type Call<T> = (within: number) => Promise<T>;

/**
 * Calls again what may be called again; all tries together take no longer than one may.
 *
 * @param timeout milliseconds
 * @param isSafe whether nothing was changed by the try that failed so
 * @throws as the last try did
 */
async function retry<T>(timeout: number, call: Call<T>, isSafe: (error: unknown) => boolean): Promise<T> {
  const until = performance.now() + timeout;
  for (let tries = 1; ; tries++) {
    try {
      return await call(until - performance.now());
    } catch (error) {
      const wait = FIRST_WAIT * 2 ** (tries - 1) * (0.5 + Math.random());
      if (tries === TRIES || !isSafe(error) || performance.now() + wait >= until) throw error;
      await sleep(wait);
    }
  }
}

export const retryAppend = <T>(timeout: number, call: Call<T>): Promise<T> =>
  retry(timeout, call, wasNotAsked);

/** @throws StoreUnavailable */
export async function retryRead<T>(timeout: number, call: Call<T>): Promise<T> {
  try {
    return await retry(timeout, call, mayPass);
  } catch (cause) {
    throw new StoreUnavailable('not-appended', { cause, reason: reasonOf(cause) });
  }
}
