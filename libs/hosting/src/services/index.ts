export { runRelay } from './relay.ts';
export { runService, type ServiceDefinition } from './service.ts';
