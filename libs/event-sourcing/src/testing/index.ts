export * from './event-store.contract.ts';
export * from './given-when-then.ts';
export * from './memory-event-store.ts';
export * from './listener-state.contract.ts';
export * from './subscription.contract.ts';
