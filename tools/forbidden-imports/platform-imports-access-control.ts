// stands at: libs/platform/src/forbidden.ts
// refused by: platform
import { Allow } from '@sparekey/access-control';
export const forbidden = Allow;
