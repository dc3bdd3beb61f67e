export { readLog, type LogConfiguration } from './configuration.ts';
export { runRelay } from './relay.ts';
export { runService, type ServiceDefinition } from './service.ts';
