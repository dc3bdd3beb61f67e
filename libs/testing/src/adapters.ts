import type {
  EventStoreUnderTest,
  ListenerStateUnderTest,
  SubscriptionUnderTest,
} from '@sparekey/event-sourcing/testing';
import type { SenderUnderTest } from '@sparekey/notification/testing';
import { migrateKeyRing, migrateListeners, PostgresKeyRing, PostgresListenerState } from '@sparekey/postgres';
import { HttpSmsSender } from '@sparekey/sms-http';
import { SmtpSender } from '@sparekey/smtp';
import { DataDirectory } from '@sparekey/sqlite';
import type { KeyRingUnderTest } from '@sparekey/vault/testing';
import { kafkaUnderTest, tailUnderTest } from './subscriptions.ts';
import { EventStoreDbLog } from './event-store-db-log.ts';
import { postgresDatabase } from './postgres-database.ts';
import { MailServer, SmsProvider } from './providers.ts';
import { postgresReadModels, sqliteReadModels, type ReadModelsUnderTest } from './read-models/under-test.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** An adapter of each port, by technology: the one table from which every contract suite runs. */
export const ADAPTERS: readonly {
  readonly name: string;
  eventStore?(): Promise<EventStoreUnderTest>;
  keyRing?(): Promise<KeyRingUnderTest>;
  listenerState?(): Promise<ListenerStateUnderTest>;
  /** Rooms that hear through it. */
  subscription?(): Promise<SubscriptionUnderTest>;
  sender?(): Promise<SenderUnderTest>;
  readModels?(): Promise<ReadModelsUnderTest>;
  /** What it runs on, where that may be one thing or another. */
  readonly on?: string;
  /** Why none of it is run here. */
  readonly unless?: string | false;
}[] = [
  {
    name: 'SQLite',
    eventStore: async () => sqliteEventStore(),
    keyRing: async () => sqliteKeyRing(),
    listenerState: async () => sqliteListenerState(),
    subscription: tailUnderTest,
    readModels: sqliteReadModels,
  },
  {
    name: 'EventStoreDB',
    on: process.env.EVENTSTORE_URL
      ? (process.env.SPAREKEY_TEST_EVENTSTORE_IS ?? 'the server of EVENTSTORE_URL')
      : 'the stand-in',
    eventStore: () => eventStoreDb(),
  },
  {
    name: 'Postgres',
    keyRing: postgresKeyRing,
    listenerState: postgresListenerState,
    readModels: postgresReadModels,
    unless: !process.env.DATABASE_URL && 'DATABASE_URL is not set',
  },
  {
    name: 'Kafka',
    subscription: () => kafkaUnderTest(process.env.KAFKA_BROKERS!),
    unless: !process.env.KAFKA_BROKERS && 'KAFKA_BROKERS is not set',
  },
  { name: 'SMTP', sender: smtp },
  { name: 'SMS-HTTP', sender: smsHttp },
];

function sqlite() {
  const { path, remove } = temporaryDirectory();
  let directory = new DataDirectory(path);
  return {
    directory: () => directory,
    async reopen() {
      await directory.close();
      return (directory = new DataDirectory(path));
    },
    async close() {
      await directory.close();
      remove();
    },
  };
}

export async function eventStoreDb(url?: string, stop = async () => {}): Promise<EventStoreUnderTest> {
  const log = await EventStoreDbLog.start(['sample-', 'SAMPLE-'], url);
  let store = log.open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = log.open());
    },
    close: async () => {
      await log.close();
      await stop();
    },
  };
}

function sqliteEventStore(): EventStoreUnderTest {
  const { directory, reopen, close } = sqlite();
  return {
    store: directory().openEventStore(),
    reopen: async () => (await reopen()).openEventStore(),
    close,
  };
}

function sqliteKeyRing(): KeyRingUnderTest {
  const { directory, reopen, close } = sqlite();
  return { ring: directory().openKeyRing(), reopen: async () => (await reopen()).openKeyRing(), close };
}

function sqliteListenerState(): ListenerStateUnderTest {
  const { directory, reopen, close } = sqlite();
  return {
    state: directory().openListenerState(),
    reopen: async () => (await reopen()).openListenerState(),
    close,
  };
}

async function postgres() {
  const database = await postgresDatabase(process.env.DATABASE_URL!);
  let connection = database.connect();
  return {
    connection: () => connection,
    async reopen() {
      await connection.close();
      return (connection = database.connect());
    },
    async close() {
      await connection.close();
      await database.drop();
    },
  };
}

async function postgresKeyRing(): Promise<KeyRingUnderTest> {
  const { connection, reopen, close } = await postgres();
  await migrateKeyRing(connection());
  return {
    ring: new PostgresKeyRing(connection()),
    reopen: async () => new PostgresKeyRing(await reopen()),
    close,
  };
}

async function postgresListenerState(): Promise<ListenerStateUnderTest> {
  const { connection, reopen, close } = await postgres();
  await migrateListeners(connection());
  return {
    state: new PostgresListenerState(connection()),
    reopen: async () => new PostgresListenerState(await reopen()),
    close,
  };
}

async function smtp(): Promise<SenderUnderTest> {
  const server = new MailServer();
  await server.start();
  const from = 'Sparekey <sparekey@acme.example>';
  return underTest(
    new SmtpSender({ url: server.url, from, host: 'acme.example', requireTLS: false }),
    server,
  );
}

async function smsHttp(): Promise<SenderUnderTest> {
  const provider = new SmsProvider();
  await provider.start();
  return underTest(new HttpSmsSender({ url: provider.url }), provider);
}

function underTest(sender: SenderUnderTest['sender'], provider: MailServer | SmsProvider): SenderUnderTest {
  return {
    sender,
    mood: (mood) => provider.mood(mood),
    taken: provider.taken,
    stop: () => provider.stop(),
    restart: () => provider.restart(),
    close: async () => {
      await sender.close();
      await provider.stop();
    },
  };
}
