import { setTimeout as sleep } from 'node:timers/promises';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';
import { featuresAnswer } from './answers.ts';
import { serveAppend } from './append.ts';
import { Connections } from './connections.ts';
import { Faults } from './faults.ts';
import { Log } from './log.ts';
import { serveRead } from './read.ts';
import { Subscriptions } from './subscriptions.ts';
import { statistics, statisticsMetadata } from './system-events.ts';

export interface EventStoreDbStandInOptions {
  /** Where its file is; one stand-in at a time. */
  readonly directory: string;
  /** Any free one where 0 or absent. */
  readonly port?: number;
  /** Where it listens; default 127.0.0.1. */
  readonly host?: string;
  /** A system event after so many appends; default 200. */
  readonly statsEvery?: number;
}

/** Milliseconds for calls in hand when it stops. */
const GRACE = 500;

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
 * Not served, and not announced: appends in batches, deleting and tombstones, gossip (so `esdb+discover://` and several
 * hosts), persistent subscriptions, projections, logins and access lists. Metadata of streams are kept and not obeyed
 * ($maxCount, $tb, …), links are not resolved.
 */
export class EventStoreDbStandIn {
  /** What to give to `EventStoreDBClient.connectionString`. */
  readonly url: string;
  readonly faults: Faults;
  readonly #server: Server;
  readonly #log: Log;
  readonly #connections: Connections;
  readonly #subscriptions: Subscriptions;

  private constructor(server: Server, log: Log, connections: Connections, host: string) {
    this.#server = server;
    this.#log = log;
    this.#connections = connections;
    this.#subscriptions = new Subscriptions();
    this.faults = new Faults(connections, this.#subscriptions);
    this.url = `esdb://${host}:${connections.port}?tls=false`;
    server.addService(StreamsService, {
      append: serveAppend(log, this.faults),
      read: serveRead(log, this.faults, this.#subscriptions),
    });
    server.addService(ServerFeaturesService, { getSupportedMethods: this.#tellFeatures });
  }

  /** @throws where another stand-in has the directory, or somebody the port */
  static async start({
    directory,
    port = 0,
    host = '127.0.0.1',
    statsEvery = 200,
  }: EventStoreDbStandInOptions): Promise<EventStoreDbStandIn> {
    const log = new Log({ directory, interjection: { every: statsEvery, append: statistics } });
    try {
      await log.append(statisticsMetadata());
      await log.append(statistics());
      const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
      const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
      const connections = await Connections.listen(port, host, (socket) => injector.injectConnection(socket));
      return new EventStoreDbStandIn(server, log, connections, host);
    } catch (error) {
      log.close();
      throw error;
    }
  }

  /** Ends in order: subscriptions are told, calls in hand are answered, the file is closed. */
  async stop(): Promise<void> {
    this.#connections.close();
    this.#subscriptions.end();
    this.#server.tryShutdown(() => undefined); // calls back too early where connections were handed to it
    await Promise.race([this.#connections.allClosed(), sleep(GRACE, undefined, { ref: false })]);
    this.#server.forceShutdown();
    this.#connections.drop();
    this.#log.close();
  }

  /** Ends at once, as a process does that is killed: nobody is told, and what is not durable yet is lost. */
  kill(): void {
    this.#connections.close();
    this.#connections.drop();
    this.#log.abandon();
    this.#server.forceShutdown();
  }

  readonly #tellFeatures: handleUnaryCall<Empty, SupportedMethods> = (_call, callback) => {
    void this.faults.delay().then(() => callback(null, featuresAnswer()));
  };
}
