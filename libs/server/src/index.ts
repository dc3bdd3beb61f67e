export { describeApi } from './openapi.ts';
export { closeServer, createServer } from './server.ts';
export type { Service } from './server.module.ts';
