import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreUnderTest, ListenerStateUnderTest } from '@sparekey/event-sourcing/testing';
import type { SenderUnderTest } from '@sparekey/notification/testing';
import { HttpSmsSender } from '@sparekey/sms-http';
import { SmtpSender } from '@sparekey/smtp';
import { DataDirectory } from '@sparekey/sqlite';
import type { KeyRingUnderTest } from '@sparekey/vault/testing';
import { MailServer, SmsProvider } from './providers.ts';

/** A data directory of its own under the system's temporary folder. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sparekey-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** An adapter of each port, by technology: the one table from which every contract suite runs. */
export const ADAPTERS: readonly {
  readonly name: string;
  eventStore?(): Promise<EventStoreUnderTest>;
  keyRing?(): Promise<KeyRingUnderTest>;
  listenerState?(): Promise<ListenerStateUnderTest>;
  sender?(): Promise<SenderUnderTest>;
}[] = [
  {
    name: 'SQLite',
    eventStore: async () => sqliteEventStore(),
    keyRing: async () => sqliteKeyRing(),
    listenerState: async () => sqliteListenerState(),
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
