import {
  ConfigurationFault,
  EnvironmentReader,
  readConfiguration,
  readFlag,
  SecretFault,
  type Configuration,
  type Environment,
} from '@sparekey/platform';
import { STREAM_PREFIXES } from '@sparekey/contracts';
import type { KeyVersions, MasterKeyClass, MasterKeys } from '@sparekey/vault';
import { missingClasses } from '../secrets.ts';

/** What every process has that runs apart: the log, the broker, and how they are named. */
export interface LogConfiguration extends Configuration {
  readonly eventStoreUrl: string;
  /** Where several installations share EventStoreDB and Kafka: what the names of streams and topics begin with. */
  readonly namespace: string;
  readonly kafka: {
    readonly brokers: readonly string[];
    readonly tls?: boolean;
    readonly caFile?: string;
    readonly username?: string;
    readonly password?: string;
    readonly mechanism?: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  };
}

/** What a service has in addition: what it may open, and where it keeps what. */
export interface ServiceConfiguration extends LogConfiguration {
  readonly masterKeys: MasterKeys;
  readonly peppers: KeyVersions;
  /** Read models, and what listeners have parked. */
  readonly databaseUrl: string;
  /** The key ring: a database of its own, backed up apart. */
  readonly keyRingUrl: string;
}

/** A secret of the installation that a service works with; it is given no other, or lets it go at once. */
export type Opens = MasterKeyClass | 'pepper';

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** @throws ConfigurationFault naming every fault at once */
export const readLog = (environment: Environment): LogConfiguration => readWith(environment, logOf);

/** @param opens what of the secrets it keeps · @throws ConfigurationFault naming every fault at once */
export const readService = (environment: Environment, opens: readonly Opens[]): ServiceConfiguration =>
  readWith(environment, (reader, own) => ({
    ...logOf(reader),
    ...(own && secretsOf(reader, own, opens)),
    databaseUrl: secretUrl(reader, 'DATABASE_URL', /^postgres(ql)?:\/\//),
    keyRingUrl: secretUrl(reader, 'KEYRING_DATABASE_URL', /^postgres(ql)?:\/\//),
  }));

/** Every fault of all of it is named at once; what was not readable stands for nothing then. */
function readWith<T extends Configuration>(
  environment: Environment,
  read: (reader: EnvironmentReader, own: Configuration | undefined) => object,
): T {
  const own = attempt(() => readConfiguration(environment));
  const reader = new EnvironmentReader(environment);
  const more = read(reader, own instanceof ConfigurationFault ? undefined : own);
  const faults = [...(own instanceof ConfigurationFault ? own.faults : []), ...reader.faults];
  if (faults.length > 0) throw new ConfigurationFault(faults);
  return { ...own, ...more } as unknown as T;
}

function logOf(reader: EnvironmentReader): object {
  const optional = <T>(name: string, read: (text: string) => T) =>
    reader.parse(name, '', (text) => (text === '' ? undefined : read(text)));
  const brokers = reader.parse('KAFKA_BROKERS', '', (text) => text.split(/[\s,]+/).filter(Boolean)) ?? [];
  if (brokers.length === 0)
    reader.fault('KAFKA_BROKERS', 'is needed here, such as broker-1:9092,broker-2:9092');
  const kafka = {
    brokers,
    tls: optional('KAFKA_TLS', readFlag),
    caFile: optional('KAFKA_CA_FILE', String),
    username: optional('KAFKA_USERNAME', String),
    password: reader.parseSecret('KAFKA_PASSWORD', (text) => text.trim()),
    mechanism: optional('KAFKA_MECHANISM', (text) => {
      const found = MECHANISMS.find((one) => one === text.toLowerCase());
      if (!found) throw new Error(`must be one of ${MECHANISMS.join(', ')}`);
      return found;
    }),
  };
  return {
    eventStoreUrl: secretUrl(reader, 'EVENTSTORE_URL', /^(esdb|kurrentdb)(\+discover)?:\/\//),
    namespace: reader.parse('SPAREKEY_NAMESPACE', '', (text) => {
      if (!/^([a-z][a-z0-9]{0,31})?$/.test(text)) throw new Error('must be small letters and digits');
      if (STREAM_PREFIXES.some((prefix) => prefix.startsWith(`${text}-`)))
        throw new Error('must not be what the name of a stream begins with');
      return text;
    }),
    kafka: Object.fromEntries(Object.entries(kafka).filter(([, value]) => value !== undefined)),
  };
}

function secretUrl(reader: EnvironmentReader, name: string, protocols: RegExp): string | undefined {
  const url = reader.parseSecret(name, (text) => {
    if (!protocols.test(text.trim()))
      throw new SecretFault(`must be an address of the form ${protocols.source}…`);
    return text.trim();
  });
  if (url === undefined && !reader.faults.some((fault) => fault.startsWith(name)))
    reader.fault(name, `is needed here; set it or ${name}_FILE`);
  return url;
}

function secretsOf(reader: EnvironmentReader, own: Configuration, opens: readonly Opens[]): object {
  const classes = opens.filter((one) => one !== 'pepper');
  const needed = (name: string) => reader.fault(name, `is needed here; set it or ${name}_FILE`);
  if (!own.masterKeys) needed('SPAREKEY_MASTER_KEYS');
  const masterKeys = new Map([...(own.masterKeys ?? [])].filter(([name]) => classes.includes(name)));
  const missing = own.masterKeys && missingClasses(masterKeys, classes);
  if (missing !== undefined) reader.fault('SPAREKEY_MASTER_KEYS', missing);
  const peppers = opens.includes('pepper') ? own.peppers : [];
  if (!peppers) needed('SPAREKEY_PEPPERS');
  return { masterKeys, peppers };
}

function attempt<T>(read: () => T): T | ConfigurationFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigurationFault) return error;
    throw error;
  }
}
