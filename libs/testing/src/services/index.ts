export { kafkaUnderTest } from '../subscriptions.ts';
export { EventStoreDbCluster, EventStoreDbStandIn } from '@sparekey/eventstoredb-stand-in';
export * from './file-clock.ts';
export * from './separate-services.ts';
export * from './service-processes.ts';
export * from './topic-reader.ts';
