export * from './codec.ts';
export * from './decider.ts';
export * from './envelope.ts';
export { eventId } from './event-ids.ts';
export * from './event-store.ts';
export * from './fold-cache.ts';
export * from './handle.ts';
export { KeyedQueue } from './keyed-queue.ts';
export type { SummaryRule } from './summary.ts';
