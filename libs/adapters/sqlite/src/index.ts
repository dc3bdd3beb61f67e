export { DataDirectory, DataDirectoryFault } from './data-directory.ts';
export { SqliteEventStore } from './sqlite-event-store.ts';
export { SqliteKeyRing } from './sqlite-key-ring.ts';
