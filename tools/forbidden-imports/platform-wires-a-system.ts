// stands at: libs/platform/src/forbidden-system.ts
// refused by: systems-are-wired-in-one-place
import { KafkaRoom } from '@sparekey/kafka';
export const forbidden = KafkaRoom;
