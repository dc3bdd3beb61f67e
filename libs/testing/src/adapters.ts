import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreUnderTest } from '@sparekey/event-sourcing/testing';
import { DataDirectory } from '@sparekey/sqlite';
import type { KeyRingUnderTest } from '@sparekey/vault/testing';

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
}[] = [{ name: 'SQLite', eventStore: async () => sqliteEventStore(), keyRing: async () => sqliteKeyRing() }];

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
