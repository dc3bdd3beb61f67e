// stands at: libs/platform/src/forbidden-sqlite.ts
// refused by: sqlite-in-its-drawer
import { DatabaseSync } from 'node:sqlite';
export const forbidden = DatabaseSync;
