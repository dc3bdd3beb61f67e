import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogDamaged, StoreUnavailable, type EventStore } from '@sparekey/event-sourcing';
import { MemoryEventStore, sampleEvent } from '@sparekey/event-sourcing/testing';
import { connectKafka, LogRelay, Topics, type Kafka } from '@sparekey/kafka';

const brokers = process.env.KAFKA_BROKERS;

(brokers ? test : test.skip)(
  'a log that is away or damaged is told, costs the relay no new word with the brokers, and what comes then is said (KAFKA_BROKERS)',
  async () => {
    const kafka = connectKafka({
      brokers: brokers!.split(','),
      clientId: 'relay-test',
      allowPlaintext: false,
      onLog: () => undefined,
    });
    let producers = 0;
    const counting = Object.assign(Object.create(kafka) as Kafka, {
      producer: (...options: Parameters<Kafka['producer']>) => {
        producers++;
        return kafka.producer(...options);
      },
    });
    const log = new MemoryEventStore();
    let fault: Error | undefined;
    let refused = 0;
    const asked = () => {
      if (!fault) return;
      refused++;
      throw fault;
    };
    const store: Pick<EventStore, 'end' | 'readAll' | 'onAppended'> = {
      end: async () => (asked(), log.end()),
      readAll: async (...read) => (asked(), log.readAll(...read)),
      onAppended: (listener) => log.onAppended(listener),
    };
    const relay = new LogRelay({
      kafka: counting,
      store: store as EventStore,
      say: () => undefined,
      contexts: ['sample'],
      topics: new Topics(`t${randomUUID().slice(0, 8)}`),
      onTrouble: () => undefined,
      onDead: (cause) => {
        throw cause;
      },
    });
    const saidUpTo = async (position: string | undefined) => {
      while (relay.position !== position) await sleep(20);
    };
    relay.start();
    try {
      await log.append('sample-1', 'no-stream', [sampleEvent()]);
      await saidUpTo(await log.end());
      fault = new StoreUnavailable('not-appended', { cause: new Error('away') });
      await log.append('sample-1', 0, [sampleEvent()]);
      while (refused < 4) await sleep(20);
      expect(relay.lost).toBeUndefined(); // it goes on by itself
      fault = new LogDamaged('5/5 is no place in this log');
      while (relay.lost === undefined) await sleep(20);
      expect(relay.lost).toBe(fault.message);
      fault = undefined;
      await saidUpTo(await log.end());
      expect(relay.lost).toBeUndefined();
      expect(producers).toBe(1);
    } finally {
      await relay.stop();
    }
  },
  60_000,
);
