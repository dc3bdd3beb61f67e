import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { connectKafka, type Kafka } from '@sparekey/kafka';
import { kafkaUnderTest } from '@sparekey/testing/services';

export interface OverKafka {
  /** Milliseconds from an acknowledged append to the listener. */
  readonly p50: number;
  readonly p99: number;
  /** Events a second that the relay brings to their topic, each batch in one transaction with its position. */
  readonly relayed: number;
  /** The same by a floor program: one producer, the same values, no transactions, no log to read. */
  readonly floor: number;
}

const BATCH = 500;

/** A real Kafka: the relay publishes, a room hears. @param samples appends, one after another · @param events in the burst */
export async function overKafka(brokers: string, samples: number, events: number): Promise<OverKafka> {
  const { store, open, close } = await kafkaUnderTest(brokers);
  let heard = 0;
  let onHeard: () => void = () => undefined;
  const room = open({
    room: 'bench',
    filters: [{ type: 'SomethingHappened' }],
    deliver: async () => {
      heard++;
      onHeard();
    },
  });
  room.start();
  const hearing = (count: number) =>
    new Promise<number>((resolve) => {
      const isThere = () => heard >= count && resolve(performance.now());
      onHeard = isThere;
      isThere();
    });
  await store.append('sample-first.0', 'no-stream', [sampleEvent()]);
  await hearing(1);

  const latency = createHistogram();
  for (let n = 0; n < samples; n++) {
    const told = hearing(heard + 1);
    await store.append(`sample-one.${n}`, 'no-stream', [sampleEvent({ n })]);
    const appended = performance.now();
    latency.record(Math.max(1, Math.round(((await told) - appended) * 1_000)));
    await sleep(20);
  }

  const before = heard;
  const streams = events / BATCH;
  for (let n = 0; n < streams; n++)
    await store.append(
      `sample-burst.${n}`,
      'no-stream',
      Array.from({ length: BATCH }, () => sampleEvent({ n })),
    );
  const began = performance.now();
  const relayed = (events / ((await hearing(before + events)) - began)) * 1_000;
  await room.stop();
  await close();
  return {
    p50: latency.percentile(50) / 1_000,
    p99: latency.percentile(99) / 1_000,
    relayed,
    floor: await floor(brokers, events),
  };
}

async function floor(brokers: string, events: number): Promise<number> {
  const kafka: Kafka = connectKafka({
    brokers: brokers.split(','),
    clientId: 'floor',
    allowPlaintext: false,
    onLog: () => undefined,
  });
  const topic = `floor-${process.pid}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 6 }], waitForLeaders: true });
  const producer = kafka.producer();
  await producer.connect();
  let heard = 0;
  const all = Promise.withResolvers<void>();
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: async ({ batch }) => {
      heard += batch.messages.length;
      if (heard >= events) all.resolve();
    },
  });
  const value = JSON.stringify(sampleEvent());
  const began = performance.now();
  for (let n = 0; n < events / BATCH; n++)
    await producer.send({
      topic,
      messages: Array.from({ length: BATCH }, (_, k) => ({ key: `acme.${k}`, value })),
    });
  await all.promise;
  const rate = (events / (performance.now() - began)) * 1_000;
  await consumer.disconnect();
  await producer.disconnect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
  return rate;
}
