export { kafkaUnderTest } from '../ears.ts';
export { EventStoreDbCluster } from '../eventstoredb/eventstoredb-cluster.ts';
export { EventStoreDbStandIn } from '../eventstoredb/eventstoredb-stand-in.ts';
export * from './file-clock.ts';
export * from './separate-services.ts';
export * from './service-processes.ts';
export { writeAsStranger } from './strangers.ts';
export * from './topic-reader.ts';
