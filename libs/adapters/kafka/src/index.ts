export type { Kafka } from 'kafkajs';
export { connectKafka, KafkaFault, type KafkaConnection } from './connect.ts';
export { CloudEventMessage } from './cloud-event-message.ts';
export { KafkaInbound, type InboundMessage } from './kafka-inbound.ts';
export { KafkaProbe } from './kafka-probe.ts';
export { KafkaRoom, type KafkaRoomOptions } from './kafka-room.ts';
export { LogRelay, type LogRelayOptions, type Said } from './log-relay.ts';
export { createTopics, Topics } from './topics.ts';
