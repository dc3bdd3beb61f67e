import { SERVICES, type ServiceName } from '@sparekey/hosting';
import {
  ConfigurationFault,
  EnvironmentReader,
  readConfiguration,
  readOrigin,
  type Configuration,
  type Environment,
} from '@sparekey/platform';

export interface GatewayConfiguration extends Configuration {
  /** Where each service is reached; several are taken in turn. */
  readonly upstreams: ReadonlyMap<ServiceName, readonly string[]>;
}

/** @throws ConfigurationFault naming every fault at once */
export function readGateway(environment: Environment): GatewayConfiguration {
  const configuration = readConfiguration(environment);
  const reader = new EnvironmentReader(environment);
  const upstreams = SERVICES.map((service) => {
    const origins = reader.parse(`${service.toUpperCase()}_URL`, '', (text) => {
      const given = text.split(/[\s,]+/).filter(Boolean);
      if (given.length === 0) throw new Error(`must say where ${service} is reached`);
      return given.map((origin) => readOrigin(origin, configuration.allowPlaintext));
    });
    return [service, origins ?? []] as const;
  });
  if (reader.faults.length > 0) throw new ConfigurationFault(reader.faults);
  return { ...configuration, upstreams: new Map(upstreams) };
}
