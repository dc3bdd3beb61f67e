import { readFileSync } from 'node:fs';
import { Kafka, type SASLOptions } from 'kafkajs';
import './request-queue.ts';

export interface KafkaConnection {
  /** `host:port`, one or more. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** With a login; default `scram-sha-512`. */
  readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  /** PEM of who signed the brokers' certificates, where the system does not know them. */
  readonly caFile?: string;
  /** What is said to brokers elsewhere may go in the clear. */
  readonly allowPlaintext: boolean;
  /** Default: with brokers elsewhere, and with `caFile`. */
  readonly tls?: boolean;
  readonly onLog: (level: 'warn' | 'error', message: string) => void;
}

/** The brokers cannot be spoken to as configured; the message says what to mend. */
export class KafkaFault extends Error {
  override readonly name = 'KafkaFault';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/;
const ADDRESS = /^(\[[0-9a-f:]+\]|[A-Za-z0-9._-]+):\d{1,5}$/;

/** @throws KafkaFault */
export function connectKafka(connection: KafkaConnection): Kafka {
  const { brokers, clientId, username, password, mechanism = 'scram-sha-512', caFile, onLog } = connection;
  if (brokers.length === 0 || !brokers.every((broker) => ADDRESS.test(broker)))
    throw new KafkaFault('must be a list such as broker-1:9092,broker-2:9092');
  const isLocal = brokers.every((broker) => LOOPBACK.test(broker));
  const tls = connection.tls ?? (caFile !== undefined || !isLocal);
  if (!tls && !isLocal && !connection.allowPlaintext)
    throw new KafkaFault('brokers elsewhere need TLS, or set SPAREKEY_ALLOW_PLAINTEXT=true');
  const sasl = username !== undefined && ({ mechanism, username, password: password ?? '' } as SASLOptions);
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: tls && (caFile === undefined ? true : { ca: readFileSync(caFile, 'utf8') }),
    ...(sasl && { sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    // A broker ends a transaction after it has answered, and the next one meets CONCURRENT_TRANSACTIONS for a moment:
    // the first waits are short, the later ones long enough for a broker that starts.
    retry: { initialRetryTime: 3, factor: 0.2, multiplier: 1.5, retries: 20, maxRetryTime: 1_000 },
    logCreator: () => speak(onLog),
  });
}

/**
 * What kafkajs reports as an error although it tries again by itself: answers that the protocol calls retriable, as every
 * broker gives them while it starts or a leader changes, and what follows from them. What lasts is told by whoever waits
 * for it, with its cause.
 */
const PASSING = [
  'CONCURRENT_TRANSACTIONS',
  'another concurrent operation on the same transaction',
  'The group is rebalancing',
  'rebalance in progress',
  'The group coordinator is not available',
  'The coordinator is loading',
  'not the correct coordinator',
  'does not host this topic-partition',
  'There is no leader for this topic-partition',
  'not the leader for that topic-partition',
  'not the correct controller',
  'The replica is not available',
  'Topic creation errors', // another process makes the same topics
  'Response without match',
  'write after end',
  'Crash: ',
  'Restarting the consumer',
  'Failed to find group coordinator',
  'Limiting retries for the idempotent producer', // the relay begins a new transaction from the position it reached
];

const speak =
  (onLog: KafkaConnection['onLog']) =>
  ({ level, log }: { level: number; log: { message: string; error?: string } }): void => {
    const text = log.error === undefined ? log.message : `${log.message}: ${String(log.error)}`;
    if (level <= 2 && !PASSING.some((passing) => text.includes(passing)))
      onLog(level === 1 ? 'error' : 'warn', text);
  };
