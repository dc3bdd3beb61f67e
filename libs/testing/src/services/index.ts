export * from './file-clock.ts';
export * from './services.ts';
export * from './topic-reader.ts';
