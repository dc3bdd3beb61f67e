export * from './key-ring.contract.ts';
