// stands at: libs/read-models/src/forbidden.ts
// refused by: read-models
import { Metrics } from '@sparekey/platform';
export const forbidden = Metrics;
