export { greeting, prepareDemo, showDemo } from './demo.ts';
export { failLoudly, listen, stopOnSignal } from './lifecycle.ts';
export { resolveSecrets, type SecretFiles } from './secrets.ts';
export { chooseSenders } from './senders.ts';
export * from './service-names.ts';
