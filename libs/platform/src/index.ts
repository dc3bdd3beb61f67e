export type { Caller } from './callers/caller.ts';
export { originOf } from './callers/origin.ts';
export { Allow, AllowAnyone, CalledBy } from './callers/caller.guard.ts';
export { requireClock, SystemClock, type TrustedClock } from './clock.ts';
export {
  ConfigurationFault,
  isLoopback,
  readConfiguration,
  type Configuration,
  type LogLevel,
} from './configuration.ts';
export { DomainReader, type DomainView } from './domain-reader.ts';
export { Health } from './health.ts';
export { Correlated, type Correlation } from './http/correlation.ts';
export {
  MayBeAbsent,
  MomentField,
  NameField,
  OpaqueField,
  PatternField,
  UuidField,
  WordField,
} from './http/fields.ts';
export { describeApi } from './http/openapi.ts';
export { DomainParam, ServiceParam, UserParam, UuidParam } from './http/params.ts';
export { closeServer, createServer } from './http/server.ts';
export { createLogger } from './logger.ts';
export { Metrics } from './metrics.ts';
export { CONFIGURATION, LOGGER, PlatformModule, type Service } from './platform.module.ts';
export { createPorts, PORTS, systemRandom, type Ports } from './ports.ts';
