import {
  ConfigurationFault,
  EnvironmentReader,
  readConfiguration,
  readFlag,
  SecretFault,
  type Configuration,
  type Environment,
} from '@sparekey/platform';
import type { KeyVersions, MasterKeys } from '@sparekey/vault';

/** What a service has that runs beside Kafka, EventStoreDB and PostgreSQL, in addition to what every process has. */
export interface SystemsConfiguration extends Configuration {
  readonly masterKeys: MasterKeys;
  readonly peppers: KeyVersions;
  readonly eventStoreUrl: string;
  /** Read models, and what listeners have parked. */
  readonly databaseUrl: string;
  /** The key ring: a database of its own, backed up apart. */
  readonly keyRingUrl: string;
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

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

/** @throws ConfigurationFault naming every fault at once */
export function readSystems(environment: Environment): SystemsConfiguration {
  const own = attempt(() => readConfiguration(environment));
  const reader = new EnvironmentReader(environment);
  const secretUrl = (name: string, protocols: RegExp) => {
    const url = reader.parseSecret(name, (text) => {
      if (!protocols.test(text.trim()))
        throw new SecretFault(`must be an address of the form ${protocols.source}…`);
      return text.trim();
    });
    if (url === undefined && !reader.faults.some((fault) => fault.startsWith(name)))
      reader.fault(name, `is needed here; set it or ${name}_FILE`);
    return url;
  };
  const namespace = reader.parse('SPAREKEY_NAMESPACE', '', (text) => {
    if (!/^([a-z][a-z0-9]{0,31})?$/.test(text)) throw new Error('must be small letters and digits');
    return text;
  });
  const optional = <T>(name: string, read: (text: string) => T) =>
    reader.parse(name, '', (text) => (text === '' ? undefined : read(text)));
  const eventStoreUrl = secretUrl('EVENTSTORE_URL', /^esdb(\+discover)?:\/\//);
  const databaseUrl = secretUrl('DATABASE_URL', /^postgres(ql)?:\/\//);
  const keyRingUrl = secretUrl('KEYRING_DATABASE_URL', /^postgres(ql)?:\/\//);
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
  const missing = ['masterKeys', 'peppers'] as const;
  for (const name of own instanceof ConfigurationFault ? [] : missing.filter((name) => !own[name])) {
    const variable = { masterKeys: 'SPAREKEY_MASTER_KEYS', peppers: 'SPAREKEY_PEPPERS' }[name];
    reader.fault(variable, `is needed here; set it or ${variable}_FILE`);
  }
  const faults = [...(own instanceof ConfigurationFault ? own.faults : []), ...reader.faults];
  if (faults.length > 0) throw new ConfigurationFault(faults);
  const given = Object.fromEntries(Object.entries(kafka).filter(([, value]) => value !== undefined));
  return {
    ...own,
    eventStoreUrl,
    databaseUrl,
    keyRingUrl,
    namespace,
    kafka: given,
  } as unknown as SystemsConfiguration;
}

function attempt<T>(read: () => T): T | ConfigurationFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigurationFault) return error;
    throw error;
  }
}
