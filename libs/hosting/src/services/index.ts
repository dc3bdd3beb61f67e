export { readLog, type LogConfiguration } from './configuration.ts';
export { prepareDatabases, roleOf } from './prepare-databases.ts';
export { runRelay } from './relay.ts';
export { runService, type ServiceDefinition } from './service.ts';
