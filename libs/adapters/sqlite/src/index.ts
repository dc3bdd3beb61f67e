export {
  DataDirectory,
  DataDirectoryFault,
  openKeyRingBeside,
  openLogToFollow,
  openViewsToWrite,
} from './data-directory.ts';
export { SqliteEventStore } from './sqlite-event-store.ts';
export { SqliteKeyRing } from './sqlite-key-ring.ts';
export { SqliteListenerState } from './sqlite-listener-state.ts';
