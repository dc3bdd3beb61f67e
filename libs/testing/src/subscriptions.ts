import { randomUUID } from 'node:crypto';
import {
  Codec,
  RoomTail,
  type EventStore,
  type SubscriptionOptions,
  type ListenerState,
} from '@sparekey/event-sourcing';
import type { SubscriptionUnderTest } from '@sparekey/event-sourcing/testing';
import { connectKafka, createTopics, KafkaRoom, LogRelay, Topics, type Said } from '@sparekey/kafka';
import { DataDirectory } from '@sparekey/sqlite';
import { temporaryDirectory } from './temporary-directory.ts';

const codec = new Codec(
  ['SomethingHappened', 'Unheard'].map((type) => ({ type, version: 1, accepts: () => true })),
);

function log() {
  const { path, remove } = temporaryDirectory();
  const directory = new DataDirectory(path);
  const store = directory.openEventStore();
  const state = directory.openListenerState();
  const close = async () => {
    await directory.close();
    remove();
  };
  return { store, state, close };
}

const deliveryOf = (options: SubscriptionOptions, store: EventStore, state: ListenerState) => ({
  ...options,
  store,
  state,
  codec,
  now: () => Date.now(),
  onTrouble: () => undefined,
  firstWait: 1,
});

/** Rooms that hear the log itself. */
export async function tailUnderTest(): Promise<SubscriptionUnderTest> {
  const { store, state, close } = log();
  return { store, state, close, open: (options) => new RoomTail(deliveryOf(options, store, state)) };
}

/** Rooms that hear through a real Kafka what the relay says there; the context is one of this run's own. */
export async function kafkaUnderTest(brokers: string): Promise<SubscriptionUnderTest> {
  const { store, state, close } = log();
  const context = 'sample';
  const topics = new Topics(`t${randomUUID().slice(0, 8)}`);
  const kafka = connectKafka({
    brokers: brokers.split(','),
    clientId: 'contract',
    allowPlaintext: false,
    onLog: () => undefined,
  });
  const say = ({ id, data }: Parameters<ConstructorParameters<typeof LogRelay>[0]['say']>[0]): Said => ({
    context,
    attributes: { id, type: 'dev.sparekey.sample', source: '/domains/acme' },
    data,
    isPublic: false,
  });
  await createTopics(kafka, [topics.context(context)]);
  const fail = (cause: Error) => {
    throw cause;
  };
  const relay = new LogRelay({
    kafka,
    store,
    say,
    contexts: [context],
    topics,
    onTrouble: () => undefined,
    onDead: fail,
  });
  relay.start();
  return {
    store,
    state,
    open: (options) =>
      new KafkaRoom({
        ...deliveryOf(options, store, state),
        kafka,
        topics: [topics.context(context)],
        group: topics.group(options.room),
        onDead: fail,
      }),
    close: async () => {
      await relay.stop();
      await close();
    },
  };
}
