import { setTimeout as sleep } from 'node:timers/promises';
import type { Metadata } from '@grpc/grpc-js';
import type { Connections } from './connections.ts';
import { forwardingTimeout, notLeader, unavailable, type Endpoint } from './refusals.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * How the acknowledgement of an append that is durable gets lost: the connection that it came by drops, the call fails
 * with Unavailable, or it is never answered.
 */
export const LOSSES = ['drop-connection', 'unavailable', 'silence'] as const;
export type Loss = (typeof LOSSES)[number];

/** What a node is in its cluster: the leader, one that knows where the leader is, one that knows of none, or one that still sends to the leader who resigned. */
export type Role = 'leader' | 'no leader' | 'resigned' | { readonly leader: Endpoint };

/** So long an append waits for a leader that resigned (milliseconds). */
const FORWARDED_FOR = 5_200;

interface Counted {
  /** Subscriptions among them. */
  read: number;
  write: number;
  /** Events at which reads with a filter looked. */
  searched: number;
}

/** What goes wrong, on command. A fault lasts until its calls are used up or {@link Faults.mend}. */
export class Faults {
  readonly #connections: Connections;
  readonly #subscriptions: Subscriptions;
  #leader: Endpoint;
  #callsForLeader = 0;
  #callsToRefuse = 0;
  #acknowledgementsToLose = 0;
  #loss: Loss = 'drop-connection';
  #delay = 0;
  #calls: Counted = { read: 0, write: 0, searched: 0 };
  #role: () => Role = () => 'leader';

  constructor(connections: Connections, subscriptions: Subscriptions) {
    this.#connections = connections;
    this.#subscriptions = subscriptions;
    this.#leader = this.#self();
  }

  /** Drops every open connection, and accepts new ones at once. @returns how many there were */
  dropConnections(): number {
    return this.#connections.drop();
  }

  /** Subscriptions stay open and say nothing, not even a confirmation; what they miss comes when they are resumed. */
  stallSubscriptions({ andNewOnes = true } = {}): void {
    this.#subscriptions.stall(andNewOnes);
  }

  /** Each message of a subscription comes that much later, 0 for at once. */
  delaySubscriptions(ms: number): void {
    this.#subscriptions.delay = ms;
  }

  resumeSubscriptions(): void {
    this.#subscriptions.resume();
  }

  /**
   * Answers as a node that is a read-only replica, and knows the leader: refused are appends, and those reads and
   * subscriptions that require the leader. Others are served, and not counted.
   *
   * @param leader where the client is sent; back to here where absent
   */
  answerNotLeader(calls: number, leader: Endpoint = this.#self()): void {
    this.#callsForLeader = calls;
    this.#leader = leader;
  }

  /** The next appends succeed, and nobody is told. */
  loseAcknowledgements(appends: number, how: Loss = 'drop-connection'): void {
    this.#acknowledgementsToLose = appends;
    this.#loss = how;
  }

  /** Answers that much later, 0 for at once: an append is durable by then, a read has seen nothing yet. */
  delayAnswers(ms: number): void {
    this.#delay = ms;
  }

  /** Fails the next reads, appends and subscriptions with Unavailable, and does nothing of what they ask. */
  refuse(calls = Infinity): void {
    this.#callsToRefuse = calls;
  }

  /** From now on it answers as what it is in its cluster. */
  playRole(role: () => Role): void {
    this.#role = role;
  }

  /** What was asked for since the last count. */
  countCalls(): Readonly<Counted> {
    const calls = this.#calls;
    this.#calls = { read: 0, write: 0, searched: 0 };
    return calls;
  }

  countSearched(): void {
    this.#calls.searched++;
  }

  mend(): void {
    this.#callsForLeader = this.#callsToRefuse = this.#acknowledgementsToLose = this.#delay = 0;
    this.delaySubscriptions(0);
    this.resumeSubscriptions();
  }

  /** @throws Refusal where this call is to fail */
  check(kind: 'read' | 'write', headers: Metadata): void {
    this.#calls[kind]++;
    if (this.#callsToRefuse > 0) {
      this.#callsToRefuse--;
      throw unavailable('Server Is Not Ready');
    }
    const role = this.#role();
    const wantsLeader = asksForLeader(headers);
    if (role === 'resigned' && kind === 'write' && !wantsLeader) return;
    if (role === 'no leader' || role === 'resigned') throw unavailable('Server Is Not Ready');
    if (role !== 'leader' && wantsLeader) throw notLeader(role.leader);
    if (this.#callsForLeader === 0) return;
    if (kind === 'read' && !wantsLeader) return;
    this.#callsForLeader--;
    throw notLeader(this.#leader);
  }

  /** Forwards an append that does not ask for the leader. @throws Refusal after a while, where the leader resigned meanwhile */
  async forward(headers: Metadata): Promise<void> {
    if (this.#role() !== 'resigned' || asksForLeader(headers)) return;
    await sleep(FORWARDED_FOR, undefined, { ref: false });
    throw forwardingTimeout();
  }

  async delay(): Promise<void> {
    if (this.#delay > 0) await sleep(this.#delay, undefined, { ref: false });
  }

  losesAcknowledgement(): Loss | undefined {
    if (this.#acknowledgementsToLose === 0) return undefined;
    this.#acknowledgementsToLose--;
    return this.#loss;
  }

  dropConnectionOf(peer: string): void {
    this.#connections.drop(peer);
  }

  #self(): Endpoint {
    return { host: '127.0.0.1', port: this.#connections.port };
  }
}

const asksForLeader = (headers: Metadata): boolean => headers.get('requires-leader')[0] === 'true';
