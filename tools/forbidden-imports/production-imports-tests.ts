// stands at: apps/standalone/src/forbidden.ts
// refused by: no-tests-in-production
import { FixedClock } from '@sparekey/testing';
export const forbidden = FixedClock;
