export * from './sender.contract.ts';
