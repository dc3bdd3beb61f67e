import { randomUUID } from 'node:crypto';
import type { Logins } from './access.ts';
import type { Faults } from './faults.ts';
import { Log } from './log.ts';
import { StandInNode } from './stand-in-node.ts';
import { statistics, statisticsMetadata, written } from './system-events.ts';

export interface EventStoreDbStandInOptions {
  /** Where its file is; one stand-in at a time. */
  readonly directory: string;
  /** Any free one where 0 or absent. */
  readonly port?: number;
  /** Where it listens; default 127.0.0.1. */
  readonly host?: string;
  /** A system event after so many appends; default 200. */
  readonly statsEvery?: number;
  /** Who may log in, which the client does over TLS alone; nobody is asked who they are where absent. */
  readonly logins?: Logins;
  /** Besides, who comes without a login is judged by what everybody may; default: refused. */
  readonly letsAnybodyIn?: boolean;
}

/**
 * A stand-in for EventStoreDB, for tests and for trying things out on one machine. IT IS NO EventStoreDB: it was written
 * from what the server's own sources say about these calls, and whoever runs this in earnest runs the server itself.
 *
 * It speaks to `@eventstore/db-client` 6.2 by gRPC without TLS and keeps what it acknowledges: every append
 * is synced to a SQLite file before it is answered, so that it survives `kill -9` and, as far as the disk tells the
 * truth, a power cut. As there:
 * - expected revisions, and repeated appends told by event ids alone (see {@link Log})
 * - one append is atomic, and refused beyond 1 MiB
 * - reads of a stream and of $all in both directions, with filters; an unknown stream is not found
 * - catch-up subscriptions to both, with filters, checkpoints and the message that they have caught up
 * - system streams among the others in $all; positions that grow with the bytes and have gaps
 *
 * - logins and access lists, where logins are given
 * - deletions, for good and so that the stream can begin again; `$tb`, `$maxCount` and `$maxAge` of a stream's metadata cut off
 *   what reads of it have, and $all has it still
 *
 * Three of them with gossip and a leader are an {@link EventStoreDbCluster}. Not served, and not announced: appends in batches,
 * persistent subscriptions and projections. Links are not resolved.
 */
export class EventStoreDbStandIn {
  /** What to give to `EventStoreDBClient.connectionString`. */
  readonly url: string;
  readonly #node: StandInNode;
  readonly #log: Log;

  private constructor(node: StandInNode, log: Log, host: string) {
    this.#node = node;
    this.#log = log;
    this.url = `esdb://${host}:${node.port}?tls=false`;
  }

  /** @throws where another stand-in has the directory, or somebody the port */
  static async start({
    directory,
    port = 0,
    host = '127.0.0.1',
    statsEvery = 200,
    logins,
    letsAnybodyIn,
  }: EventStoreDbStandInOptions): Promise<EventStoreDbStandIn> {
    const log = await openLog(directory, statsEvery);
    try {
      return new EventStoreDbStandIn(
        await StandInNode.start({ log, port, host, logins, letsAnybodyIn }),
        log,
        host,
      );
    } catch (error) {
      log.close();
      throw error;
    }
  }

  get faults(): Faults {
    return this.#node.faults;
  }

  /** Writes so many events of others, as if their clients had: sent by the wire they would take a minute for each 200,000. */
  async fill(events: number): Promise<void> {
    for (let written = 0; written < events; written += FILLED_AT_ONCE) {
      const proposed = Array.from({ length: Math.min(FILLED_AT_ONCE, events - written) }, () => ({
        id: randomUUID(),
        type: 'Strange',
        isJson: true,
        metadata: new Uint8Array(),
        data: Buffer.from(JSON.stringify({ written })),
      }));
      await this.#log.append({ stream: `stranger-${randomUUID()}`, expected: 'no-stream', events: proposed });
    }
  }

  /** Writes one event as an administrator does. */
  async write(stream: string, type: string, data: object): Promise<void> {
    await this.#log.append(written(stream, type, data));
  }

  /** Ends in order: subscriptions are told, calls in hand are answered, the file is closed. */
  async stop(): Promise<void> {
    await this.#node.stop();
    this.#log.close();
  }

  /** Ends at once, as a process does that is killed: nobody is told, and what is not durable yet is lost. */
  kill(): void {
    this.#log.abandon();
    this.#node.kill();
  }
}

const FILLED_AT_ONCE = 1_000;

/** A log as a server has it when it has started. @throws where another one has the directory */
export async function openLog(directory: string, statsEvery: number): Promise<Log> {
  const log = new Log({ directory, interjection: { every: statsEvery, append: statistics } });
  try {
    await log.append(statisticsMetadata());
    await log.append(statistics());
    return log;
  } catch (error) {
    log.close();
    throw error;
  }
}
