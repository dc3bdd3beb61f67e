// stands at: libs/audit/src/forbidden.ts
// refused by: room
import { createServer } from '@sparekey/server';
export const forbidden = createServer;
