export * from './forwarded.ts';
export * from './one-time-codes.ts';
export * from './recovery-codes.ts';
