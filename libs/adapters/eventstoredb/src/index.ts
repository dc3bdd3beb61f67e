export { connectEventStoreDb, EventStoreDbFault } from './connect.ts';
export { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.ts';
