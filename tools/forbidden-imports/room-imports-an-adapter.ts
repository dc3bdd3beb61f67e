// stands at: libs/recovery/src/forbidden.ts
// refused by: room
import { SqliteEventStore } from '@sparekey/sqlite';
export const forbidden = SqliteEventStore;
