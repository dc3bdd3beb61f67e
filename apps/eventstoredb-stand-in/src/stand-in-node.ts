import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js';
import { Access, type Logins } from './access.ts';
import { featuresAnswer, membersAnswer, type Member } from './answers.ts';
import { serveAppend } from './append.ts';
import { Connections } from './connections.ts';
import { serveDelete, serveTombstone } from './delete.ts';
import { Faults } from './faults.ts';
import type { Log } from './log.ts';
import { serveRead } from './read.ts';
import { Subscriptions } from './subscriptions.ts';

export interface StandInNodeOptions {
  readonly log: Log;
  /** Any free one where 0. */
  readonly port: number;
  readonly host: string;
  /** Who may log in; nobody is asked who they are where absent. */
  readonly logins?: Logins | undefined;
  /** Who comes without a login is asked for none. */
  readonly letsAnybodyIn?: boolean | undefined;
  /** What it says of the cluster, where it is in one. */
  readonly members?: () => readonly Member[];
}

/** Milliseconds for calls in hand when it stops. */
const GRACE = 500;

/** Serves a log by gRPC. */
export class StandInNode {
  readonly faults: Faults;
  readonly #server: Server;
  readonly #connections: Connections;
  readonly #subscriptions = new Subscriptions();

  private constructor(
    server: Server,
    connections: Connections,
    { log, logins, letsAnybodyIn, members }: StandInNodeOptions,
  ) {
    this.#server = server;
    this.#connections = connections;
    this.faults = new Faults(connections, this.#subscriptions);
    const access = new Access(log, logins, letsAnybodyIn);
    server.addService(StreamsService, {
      append: serveAppend(log, access, this.faults),
      read: serveRead(log, access, this.faults, this.#subscriptions),
      delete: serveDelete(log, access, this.faults),
      tombstone: serveTombstone(log, access, this.faults),
    });
    server.addService(ServerFeaturesService, { getSupportedMethods: this.#tellFeatures });
    const tellMembers: handleUnaryCall<Empty, ClusterInfo> = (_call, tell) =>
      tell(null, membersAnswer(members?.() ?? []));
    if (members) server.addService(GossipService, { read: tellMembers });
  }

  /** @throws where somebody has the port */
  static async start(options: StandInNodeOptions): Promise<StandInNode> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    const { port, host } = options;
    const connections = await Connections.listen(port, host, (socket) => injector.injectConnection(socket));
    return new StandInNode(server, connections, options);
  }

  get port(): number {
    return this.#connections.port;
  }

  /** Subscriptions end; who has one is told. */
  endSubscriptions(): void {
    this.#subscriptions.end();
  }

  /** Ends in order: subscriptions are told, calls in hand are answered. */
  async stop(): Promise<void> {
    this.#connections.close();
    this.#subscriptions.end();
    this.#server.tryShutdown(() => undefined); // calls back too early where connections were handed to it
    await Promise.race([this.#connections.allClosed(), sleep(GRACE, undefined, { ref: false })]);
    this.#server.forceShutdown();
    this.#connections.drop();
  }

  /** Ends at once, as a process does that is killed: nobody is told. */
  kill(): void {
    this.#connections.close();
    this.#connections.drop();
    this.#server.forceShutdown();
  }

  readonly #tellFeatures: handleUnaryCall<Empty, SupportedMethods> = (_call, callback) => {
    void this.faults.delay().then(() => callback(null, featuresAnswer()));
  };
}
