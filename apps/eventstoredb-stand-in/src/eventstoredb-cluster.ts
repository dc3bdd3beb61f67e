import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from './answers.ts';
import { openLog } from './eventstoredb-stand-in.ts';
import type { Role } from './faults.ts';
import { Front } from './front.ts';
import type { Log } from './log.ts';
import { StandInNode } from './stand-in-node.ts';

interface ClusterNode {
  readonly id: string;
  readonly node: StandInNode;
  readonly front: Front;
  state: 'up' | 'frozen' | 'dead';
}

/** How long it takes until another leader is elected, as a real cluster did (milliseconds). */
const ELECTED_AFTER = { killed: 1_600, resigned: 1_200, frozen: 8_600, restored: 1_000 } as const;
const NODES = 3;

/**
 * Three stand-ins with gossip, one of which leads: killed, frozen, resigned and without a quorum, as processes are, in one
 * process. What a leader acknowledged all of them have, for they serve one log: how nodes copy from each other is no matter of a
 * client's.
 *
 * A leader that is frozen or cut off is believed in until the others elect another one; it learns of that when it thaws.
 */
export class EventStoreDbCluster {
  readonly url: string;
  readonly #log: Log;
  readonly #nodes: readonly ClusterNode[];
  #leader: ClusterNode | undefined;
  #elections = 0;
  #hasResigned = false;
  #ready = Promise.withResolvers<void>();

  private constructor(log: Log, nodes: readonly ClusterNode[]) {
    this.#log = log;
    this.#nodes = nodes;
    this.#lead(nodes[0]);
    for (const node of nodes) node.node.faults.playRole(() => this.#roleOf(node));
    this.url = `esdb://${nodes.map(({ front }) => `127.0.0.1:${front.port}`).join(',')}?tls=false`;
  }

  /**
   * @param ports where clients reach its nodes; any free ones where none are named
   * @throws where another one has the directory
   */
  static async start(directory: string, ports: readonly number[] = []): Promise<EventStoreDbCluster> {
    const log = await openLog(directory, 200);
    let cluster: EventStoreDbCluster | undefined = undefined;
    const members = () => cluster?.members ?? [];
    const nodes: ClusterNode[] = [];
    while (nodes.length < NODES) {
      const node = await StandInNode.start({ log, port: 0, host: '127.0.0.1', members });
      nodes.push({
        id: randomUUID(),
        node,
        front: await Front.open(node.port, ports[nodes.length]),
        state: 'up',
      });
    }
    return (cluster = new EventStoreDbCluster(log, nodes));
  }

  get members(): readonly Member[] {
    return this.#nodes.map(({ id, front, state }) => ({
      id,
      port: front.port,
      state: this.#leader === undefined ? 'unknown' : this.#leader.id === id ? 'leader' : 'follower',
      isAlive: state !== 'dead',
    }));
  }

  get ports(): readonly number[] {
    return this.#nodes.map(({ front }) => front.port);
  }

  /** Connections of clients to all nodes. */
  get connections(): number {
    return this.#nodes.reduce((sum, { front }) => sum + front.size, 0);
  }

  /** The number of the leader; nothing while there is none. */
  get leader(): number | undefined {
    return this.#leader && this.#nodes.indexOf(this.#leader);
  }

  get followers(): readonly number[] {
    return this.#nodes.flatMap((node, n) => (node !== this.#leader && node.state === 'up' ? [n] : []));
  }

  /** Resolves when there is a leader that answers. */
  able(): Promise<void> {
    return this.#ready.promise;
  }

  async kill(n: number): Promise<void> {
    const node = this.#nodes[n]!;
    node.state = 'dead';
    if (node === this.#leader) this.#deposed('killed');
    await node.front.break();
    node.node.endSubscriptions();
    this.#checkQuorum();
  }

  async revive(n: number): Promise<void> {
    const node = this.#nodes[n]!;
    node.state = 'up';
    await node.front.mend();
    if (!this.#leader) this.#elect(ELECTED_AFTER.restored);
  }

  /** It stands still with all its connections, as with SIGSTOP. */
  freeze(n: number): void {
    const node = this.#nodes[n]!;
    node.state = 'frozen';
    node.front.freeze();
    if (node === this.#leader) {
      this.#ready = Promise.withResolvers<void>();
      this.#elect(ELECTED_AFTER.frozen);
    }
    this.#checkQuorum();
  }

  thaw(n: number): void {
    const node = this.#nodes[n]!;
    node.state = 'up';
    node.front.thaw();
    if (node === this.#leader) this.#lead(node);
    else if (!this.#leader) this.#elect(ELECTED_AFTER.restored);
  }

  /** The leader gives up leading, and goes on as a follower. */
  resign(): void {
    this.#deposed('resigned');
  }

  async close(): Promise<void> {
    this.#elections++;
    for (const { front } of this.#nodes) await front.break();
    for (const { node } of this.#nodes) await node.stop();
    this.#log.close();
  }

  #roleOf(node: ClusterNode): Role {
    if (!this.#leader) return this.#hasResigned ? 'resigned' : 'no leader';
    return this.#leader === node
      ? 'leader'
      : { leader: { host: '127.0.0.1', port: this.#leader.front.port } };
  }

  #deposed(why: 'killed' | 'resigned'): void {
    this.#leader = undefined;
    this.#hasResigned = why === 'resigned';
    this.#ready = Promise.withResolvers<void>();
    this.#elect(ELECTED_AFTER[why]);
  }

  #lead(node: ClusterNode | undefined): void {
    this.#elections++; // whatever election was under way is over
    this.#leader = node;
    this.#hasResigned = false;
    if (node) this.#ready.resolve();
  }

  /** Two of three can elect, and do so after that time. */
  #elect(after: number): void {
    const election = ++this.#elections;
    void sleep(after, undefined, { ref: false }).then(() => {
      const able = this.#nodes.filter(({ state }) => state === 'up');
      if (election !== this.#elections || able.length * 2 < NODES) return;
      this.#lead(able.find((node) => node !== this.#leader) ?? able[0]);
    });
  }

  /** A leader without followers leads nobody. */
  #checkQuorum(): void {
    const able = this.#nodes.filter(({ state }) => state === 'up');
    if (able.length * 2 >= NODES || this.#leader?.state !== 'up') return;
    this.#lead(undefined);
    this.#ready = Promise.withResolvers<void>();
  }
}
