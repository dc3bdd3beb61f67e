export * from './codec.ts';
export * from './decider.ts';
export {
  Delivery,
  DELIVERY_ATTEMPTS,
  describe,
  NotInTheLog,
  readEvent,
  type DeliveryOptions,
  type SubscriptionOptions,
  type Subscription,
} from './delivery.ts';
export * from './envelope.ts';
export { commandIdOf, eventId } from './event-ids.ts';
export * from './event-store.ts';
export * from './fold.ts';
export * from './handle.ts';
export { KeyedQueue } from './keyed-queue.ts';
export type * from './listener-state.ts';
export { LOOK_LASTS, lookAnew, lookOfThisWork, withOneLook } from './one-look.ts';
export { countBehind, readOn } from './read-on.ts';
export { readWhole } from './read-whole.ts';
export { RoomTail, type RoomTailOptions } from './room-tail.ts';
export type { SummaryRule } from './summary.ts';
export { pause, Wake } from './wake.ts';
