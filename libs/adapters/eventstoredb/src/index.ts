export { connectEventStoreDb, connectWithoutLogin, EventStoreDbFault } from './connect.ts';
export { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.ts';
