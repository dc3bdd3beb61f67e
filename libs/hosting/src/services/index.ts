export { connectSystems, type Systems } from './systems.ts';
export { readSystems, type SystemsConfiguration } from './configuration.ts';
export { runRelay } from './relay.ts';
export { runService, type ServiceDefinition } from './service.ts';
