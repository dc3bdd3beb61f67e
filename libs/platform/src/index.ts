export { SystemClock, requireClock, type TrustedClock } from './clock.ts';
export {
  ConfigurationFault,
  EnvironmentReader,
  SecretFault,
  isLoopback,
  readConfiguration,
  readFlag,
  readOrigin,
  type Configuration,
  type Environment,
  type LogLevel,
} from './configuration.ts';
export { DomainReader } from './domain-reader.ts';
export { failing, Health, readiness, type Check } from './health.ts';
export {
  Answers,
  answer,
  answersOf,
  anything,
  count,
  dateTime,
  eitherOf,
  flag,
  link,
  list,
  orNull,
  page,
  part,
  perhaps,
  text,
  uuid,
  word,
  type Answer,
  type AnswerOf,
} from './http/answers.ts';
export { boundBodies } from './http/bodies-under-way.ts';
export { BodyMayBeAbsent, BodyPipe } from './http/body.pipe.ts';
export {
  Correlated,
  correlationOf,
  requestIds,
  traceparentOf,
  type Correlation,
} from './http/correlation.ts';
export { addressReader, edgeHeaders, hostGuard, type AddressOf } from './http/edge.ts';
export {
  LimitField,
  MayBeAbsent,
  MomentField,
  NameField,
  OpaqueField,
  PatternField,
  UuidField,
  WordField,
} from './http/fields.ts';
export { FormsPipe, describeForms, type WithFields } from './http/forms.ts';
export {
  DomainParam,
  HandleParam,
  LONGEST_PARAM,
  PathParam,
  ProviderParam,
  ServiceParam,
  UserParam,
  UuidParam,
} from './http/params.ts';
export { Refuses, byStatus, refusalsOf } from './http/refuses.ts';
export { ALLOW, METHODS, wire } from './http/wire.ts';
export { CONFIGURATION, EVENT_TRANSPORT, LOGGER } from './injection.ts';
export type { EventTransport } from './listening/event-transport.ts';
export { servePages, type Pages } from './http/pages.ts';
export { hearsIn } from './listening/hears.ts';
export { repudiated, type Repudiated, type Repudiation } from './listening/repudiated.ts';
export { RoomsTransport } from './listening/rooms-transport.ts';
export { tellTrouble } from './listening/tell-trouble.ts';
export { ceremonyOf } from './relying-party.ts';
export { createLogger, nestLogger } from './logger.ts';
export { Metrics } from './metrics.ts';
export { OUTBOUND, createGuardedFetch, type GuardedFetch } from './outbound/guarded-fetch.ts';
export { PORTS, createPorts, type Ports } from './ports.ts';
