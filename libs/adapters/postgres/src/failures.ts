import { StoreUnavailable } from '@sparekey/event-sourcing';
import { DatabaseError } from 'pg';

/** A number in a row is too large to be held exactly. */
export class UnsafeNumber extends Error {
  override readonly name = 'UnsafeNumber';
}

/**
 * Classes of SQLSTATE that say that the server cannot serve now, not that the statement is wrong: connection (08),
 * authorization (28: a password that is being changed), no such database (3D), rolled back in favour of another (40),
 * resources (53), locks (55), operator intervention and timeouts (57), system (58).
 */
const AWAY = new Set(['08', '28', '3D', '40', '53', '55', '57', '58']);
/** What a former primary says after a failover. */
const READ_ONLY = '25006';

export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    const { code = '' } = error;
    return AWAY.has(code.slice(0, 2)) || code === READ_ONLY;
  }
  return !(error instanceof UnsafeNumber || error instanceof TypeError); // what else comes is the socket's
}

/** The same failure in the words of the ports; what is no failure of the server's comes back as it is. */
export function inWordsOfPorts(error: unknown, sql?: string): unknown {
  if (!isAway(error)) return error;
  const isSure = sql === undefined || error instanceof DatabaseError || /^\s*select\b/i.test(sql);
  return new StoreUnavailable(isSure ? 'not-appended' : 'unknown', { cause: error });
}
