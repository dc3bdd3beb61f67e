export { EventStoreDbLog } from '../event-store-db-log.ts';
export { documentedRights, GuardedStandIn, type ServerRights } from '../guarded-stand-in.ts';
export { kafkaUnderTest } from '../subscriptions.ts';
export { EventStoreDbCluster, EventStoreDbStandIn } from '@sparekey/eventstoredb-stand-in';
export * from './file-clock.ts';
export * from './separate-services.ts';
export * from './service-processes.ts';
export * from './stand-in-process.ts';
export * from './topic-reader.ts';
