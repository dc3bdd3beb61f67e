export * from './adapters.ts';
