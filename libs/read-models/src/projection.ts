import { hash } from 'node:crypto';
import type { Envelope } from '@sparekey/event-sourcing';
import type { Kysely } from 'kysely';

/** A table's name in one generation of a projection: those of another stand beside it. */
export type TableName = (table: string) => string;

/**
 * Rows that follow from the log and nothing else, so that they can be thrown away and made again. A room owns its
 * projections with their tables and queries; who runs them and on which database, the app knows.
 */
export interface Projection {
  readonly name: string;
  /** Raised with every change of the tables or of what is written into them: the rows are then made anew. */
  readonly version: number;
  readonly tables: readonly string[];
  create(database: Kysely<never>, name: TableName): Promise<void>;
  /**
   * Writes what these events, in the order of the log, change. It depends on the events and on its own rows only: not on
   * the time, on chance, or on how the log was cut into batches.
   *
   * @returns by how much the checksum changes: {@link rowSum} of rows that came, less that of rows that went
   */
  apply(database: Kysely<never>, name: TableName, events: readonly Envelope[]): Promise<bigint>;
}

const MODULUS = 2n ** 64n;

/** The part of one row in the checksum of all rows; their sum does not depend on their order. */
export function rowSum(values: readonly unknown[]): bigint {
  return hash('sha256', JSON.stringify(values), 'buffer').readBigUInt64BE();
}

/** Checksums as they are stored: sixteen hexadecimal digits. */
export const addSum = (stored: string, change: bigint): string =>
  ((((BigInt(`0x${stored}`) + change) % MODULUS) + MODULUS) % MODULUS).toString(16).padStart(16, '0');
