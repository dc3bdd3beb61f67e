// stands at: libs/factors/src/forbidden.ts
// refused by: factors
import { DEFAULT_POLICY } from '@sparekey/contracts';
export const forbidden = DEFAULT_POLICY;
