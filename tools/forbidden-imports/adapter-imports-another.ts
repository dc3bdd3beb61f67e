// stands at: libs/adapters/other/src/forbidden.ts
// refused by: adapters-stay-apart
import { SqliteEventStore } from '@sparekey/sqlite';
export const forbidden = SqliteEventStore;
