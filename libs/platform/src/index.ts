export type { Caller, Person } from './callers/caller.ts';
export { originOf } from './callers/origin.ts';
export {
  Allow,
  AllowAccessToken,
  AllowAnyone,
  AllowScopes,
  ByPerson,
  CalledBy,
  Fresh,
  Logged,
  MayHaveSession,
  StillAllowed,
  type MayGoOn,
} from './callers/caller.guard.ts';
export { isSameSecret } from './callers/caller-resolver.ts';
export { isSteppedUp, mayManage, requireFreshPerson } from './callers/judge.ts';
export { ProviderKeys, tokenFault } from './callers/provider-keys.ts';
export { PROVIDER_CLOCK_TOLERANCE_SECONDS, providedUser, shownAtOf } from './callers/provider-tokens.ts';
export { cookieNames, readCookie, SESSION_COOKIE, setCookie, wantsCookie } from './callers/session-cookie.ts';
export { SessionTokens, type SessionTerms, type SessionToken } from './callers/session-tokens.ts';
export { requireClock, SystemClock, type TrustedClock } from './clock.ts';
export {
  ConfigurationFault,
  EnvironmentReader,
  isLoopback,
  readConfiguration,
  readFlag,
  readOrigin,
  SecretFault,
  type Environment,
  type Configuration,
  type LogLevel,
} from './configuration.ts';
export { DomainReader } from './domain-reader.ts';
export { Health, type Check } from './health.ts';
export {
  answer,
  Answers,
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
  type AnswerOf,
} from './http/answers.ts';
export { BodyMayBeAbsent } from './http/body.pipe.ts';
export { boundBodies } from './http/bodies-under-way.ts';
export { Correlated, requestIds, traceparentOf, type Correlation } from './http/correlation.ts';
export { addressReader, hostGuard, type AddressOf } from './http/edge.ts';
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
export { FormsPipe, type WithFields } from './http/forms.ts';
export { describeApi } from './http/openapi.ts';
export {
  DomainParam,
  HandleParam,
  PathParam,
  ProviderParam,
  ServiceParam,
  UserParam,
  UuidParam,
} from './http/params.ts';
export { Refuses } from './http/refuses.ts';
export { closeServer, createServer } from './http/server.ts';
export { ALLOW, METHODS, wire } from './http/wire.ts';
export { hearsIn } from './listening/hears.ts';
export { repudiated, type Repudiated, type Repudiation } from './listening/repudiated.ts';
export type { EventTransport } from './listening/event-transport.ts';
export { RoomsTransport } from './listening/rooms-transport.ts';
export { tellTrouble } from './listening/tell-trouble.ts';
export { createLogger } from './logger.ts';
export { Metrics } from './metrics.ts';
export { CONFIGURATION, LOGGER } from './injection.ts';
export { OUTBOUND, type GuardedFetch } from './outbound/guarded-fetch.ts';
export { PlatformModule, type Service } from './platform.module.ts';
export { createPorts, PORTS, systemRandom, type Ports } from './ports.ts';
export { Views } from './projections/views.ts';
