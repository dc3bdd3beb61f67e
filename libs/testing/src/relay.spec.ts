import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable, type EventStore } from '@sparekey/event-sourcing';
import { MemoryEventStore, sampleEvent } from '@sparekey/event-sourcing/testing';
import { connectKafka, LogRelay, Topics, type Kafka } from '@sparekey/kafka';

const brokers = process.env.KAFKA_BROKERS;

(brokers ? test : test.skip)(
  'a log that is away costs the relay no new word with the brokers, and what comes then is said (KAFKA_BROKERS)',
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
    let isAway = false;
    let refused = 0;
    const away = () => {
      if (!isAway) return;
      refused++;
      throw new StoreUnavailable('not-appended', { cause: new Error('away') });
    };
    const store: Pick<EventStore, 'end' | 'readAll' | 'onAppended'> = {
      end: async () => (away(), log.end()),
      readAll: async (...read) => (away(), log.readAll(...read)),
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
      isAway = true;
      await log.append('sample-1', 0, [sampleEvent()]);
      while (refused < 4) await sleep(20);
      isAway = false;
      await saidUpTo(await log.end());
      expect(producers).toBe(1);
    } finally {
      await relay.stop();
    }
  },
  60_000,
);
