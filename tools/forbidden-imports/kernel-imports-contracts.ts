// stands at: libs/event-sourcing/src/forbidden.ts
// refused by: event-sourcing
import { codec } from '@sparekey/contracts';
export const forbidden = codec;
