export { greeting, logFileOf, prepareDemo, showDemo } from './demo.ts';
export { failLoudly, followRejections, listen, outliveRejections, stopOnSignal } from './lifecycle.ts';
export { KeysNotProven, proveKeys, requireWholeRing } from './prove-keys.ts';
export { nameKeys, resolveSecrets, type SecretFiles } from './secrets.ts';
export { chooseSenders } from './senders.ts';
export * from './service-names.ts';
