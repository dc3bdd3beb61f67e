// stands at: apps/console/src/api/forbidden.ts
// refused by: pages
import { createVerifier } from '@sparekey/client';
export const forbidden = createVerifier;
