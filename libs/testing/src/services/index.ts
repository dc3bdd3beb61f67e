export * from './file-clock.ts';
export * from './services.ts';
