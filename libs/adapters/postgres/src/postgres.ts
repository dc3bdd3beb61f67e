import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { Pool, TypeOverrides, types, type PoolClient } from 'pg';
import { readAddress, type AddressOptions } from './address.ts';
import { inWordsOfPorts, isAway, UnsafeNumber } from './failures.ts';

export interface ConnectOptions extends AddressOptions {
  /** What the server's own views show for these connections. */
  readonly applicationName: string;
  /** Default 10. */
  readonly maxConnections?: number;
  /** Milliseconds after which the server ends a statement. Default 30 000. */
  readonly statementTimeout?: number;
}

/** Runs one statement. @returns its rows */
export type Query = <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

const STATEMENT_TIMEOUT = 30_000;
/** Until there is a connection, of one's own or free in the pool. */
const CONNECT_TIMEOUT = 5_000;
/** A network that is silent is given up a little later than the server would have ended the statement. */
const SILENCE = 5_000;

/**
 * Connections to one database. It connects when it is first asked: a server that is away is a failure of the call and not
 * of the program, and the next call tries again.
 *
 * A commit is durable when it is answered, whatever the server's default. These settings travel with the connection, so
 * a pooler in between must keep them (PgBouncer: in session mode, with `ignore_startup_parameters` left empty of them).
 *
 * @throws DatabaseAddressFault
 */
export function connectPostgres(url: string, options: ConnectOptions): Postgres {
  const { applicationName, maxConnections = 10, statementTimeout = STATEMENT_TIMEOUT } = options;
  const numbers = new TypeOverrides();
  numbers.setTypeParser(types.builtins.INT8, safeNumber);
  const pool = new Pool({
    ...readAddress(url, options),
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + SILENCE,
    idle_in_transaction_session_timeout: 2 * statementTimeout,
    options: '-c synchronous_commit=on',
    types: numbers,
  });
  return new Postgres(pool);
}

function safeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new UnsafeNumber(`${text} is beyond what a number holds exactly`);
  return number;
}

/** A pool in the words of the ports: what it cannot do because the server is away is a `StoreUnavailable`. */
export class Postgres implements PostgresPool {
  readonly #pool: Pool;
  /** Kysely would connect a second time with these to cancel a query, which nobody here does. */
  readonly options = {};

  constructor(pool: Pool) {
    this.#pool = pool;
    // An idle connection that breaks is out of the pool already, and who uses one is told by the call: without these
    // listeners either would end the process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @throws StoreUnavailable */
  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      client.release();
    }
  }

  /**
   * Runs `work` in one transaction (READ COMMITTED): durable when it resolves, or nothing of it is there.
   *
   * @throws StoreUnavailable; also as `work` does
   */
  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let isWhole = false;
    try {
      await client.query('BEGIN', []);
      const result = await work(async (sql, values = []) => (await client.query<never>(sql, values)).rows);
      await client.query('COMMIT', []);
      isWhole = true;
      return result;
    } finally {
      client.release(!isWhole); // the server rolls back when the connection ends
    }
  }

  /** @throws StoreUnavailable */
  async ping(): Promise<void> {
    await this.query('SELECT 1');
  }

  /** For Kysely. A connection on which something went wrong that was not the statement's fault is not used again. */
  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#connect();
    let isBroken = false;
    const query = async (sql: string, values: readonly unknown[]) => {
      try {
        return await client.query(sql, values as unknown[]);
      } catch (error) {
        isBroken ||= isAway(error);
        throw inWordsOfPorts(error, sql);
      }
    };
    return {
      query: query as unknown as PostgresPoolClient['query'], // without cursors
      release: (destroy = false) => client.release(destroy || isBroken),
    };
  }

  /** Waits for what is under way. Later calls are refused. */
  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }

  /** The same, for Kysely. */
  end(): Promise<void> {
    return this.close();
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw inWordsOfPorts(error);
    }
  }
}
