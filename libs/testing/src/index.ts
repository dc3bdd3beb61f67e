export * from './adapters.ts';
export * from './api.ts';
export * from './fixed-clock.ts';
export * from './in-process.ts';
export * from './people.ts';
export * from './providers.ts';
export * from './standalone.ts';
export * from './seed.ts';
