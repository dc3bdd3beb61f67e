// stands at: libs/platform/src/forbidden-kafka.ts
// refused by: systems-in-their-drawers
import { Kafka } from 'kafkajs';
export const forbidden = Kafka;
