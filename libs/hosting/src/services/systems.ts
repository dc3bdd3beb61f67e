import { STREAM_PREFIXES } from '@sparekey/contracts';
import {
  connectEventStoreDb,
  connectWithoutLogin,
  EventStoreDbEventStore,
  EventStoreDbFault,
} from '@sparekey/eventstoredb';
import { connectKafka, KafkaFault, Topics, type Kafka } from '@sparekey/kafka';
import { ConfigurationFault } from '@sparekey/platform';
import { connectPostgres, DatabaseAddressFault, type Postgres } from '@sparekey/postgres';
import type { Logger } from 'pino';
import type { LogConfiguration, ServiceConfiguration } from './configuration.ts';

/** The log and the broker, as every process speaks to them. */
export interface LogAndBroker {
  readonly store: EventStoreDbEventStore;
  readonly kafka: Kafka;
  readonly topics: Topics;
}

/** What a service has beside them. */
export interface Databases {
  readonly database: Postgres;
  readonly keys: Postgres;
}

/** Connects to nothing yet: that happens with the first call. @throws ConfigurationFault */
export function connectLog(name: string, configuration: LogConfiguration, logger: Logger): LogAndBroker {
  const { eventStoreUrl, allowPlaintext, namespace } = configuration;
  const client = named('EVENTSTORE_URL', () => connectEventStoreDb(eventStoreUrl, allowPlaintext));
  const store = new EventStoreDbEventStore({
    client,
    prefixes: STREAM_PREFIXES,
    namespace,
    connectWithoutLogin: () => connectWithoutLogin(eventStoreUrl, allowPlaintext),
    onTrouble: (cause) => logger.warn({ cause }, 'the subscription to the log had to be made again'),
    onDamage: (cause) => logger.error({ cause }, 'somebody changed what stands in the log'),
  });
  const kafka = named('KAFKA_BROKERS', () =>
    connectKafka({
      ...configuration.kafka,
      clientId: `sparekey-${name}`,
      allowPlaintext,
      onLog: (level, message) => logger[level]({ system: 'kafka' }, message),
    }),
  );
  return { store, kafka, topics: new Topics(namespace) };
}

/** Connects to nothing yet: that happens with the first call. @throws ConfigurationFault */
export function connectDatabases(
  name: string,
  { databaseUrl, keyRingUrl, allowPlaintext }: ServiceConfiguration,
): Databases {
  const connect = (variable: string, url: string) =>
    named(variable, () =>
      connectPostgres(url, { applicationName: `sparekey-${name}`, allowPlaintext, variable }),
    );
  return {
    database: connect('DATABASE_URL', databaseUrl),
    keys: connect('KEYRING_DATABASE_URL', keyRingUrl),
  };
}

/** What an adapter finds wrong with an address is said under the variable that gave it. */
function named<T>(variable: string, connect: () => T): T {
  try {
    return connect();
  } catch (error) {
    if (error instanceof DatabaseAddressFault) throw new ConfigurationFault([error.message]);
    if (!(error instanceof EventStoreDbFault || error instanceof KafkaFault)) throw error;
    throw new ConfigurationFault([`${variable}: ${error.message}`]);
  }
}
