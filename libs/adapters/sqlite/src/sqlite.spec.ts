import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '@sparekey/event-sourcing';
import { sampleEvent } from '@sparekey/event-sourcing/testing';
import { openDatabase } from './database.ts';
import { DataDirectory, DataDirectoryFault, SqliteEventStore } from './index.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'sparekey-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const big = () => sampleEvent({ text: 'x'.repeat(20_000) });

describe('a commit that fails', () => {
  test('refuses everything in it, leaves nothing of it, and the store goes on from what is durable', async () => {
    const database = openDatabase(join(path, 'log.db'));
    const store = new SqliteEventStore(database);
    await store.append('before-1', 'no-stream', [sampleEvent()]);
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${pages + 10}`);
    const waiting = Array.from({ length: 20 }, (_, n) => store.append(`full-${n}`, 'no-stream', [big()]));
    const chained = store.append('before-1', 0, [sampleEvent()]);
    const more = store.append('before-1', 1, [sampleEvent()]);
    const outcomes = await Promise.allSettled([...waiting, chained, more]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'StoreUnavailable', outcome: 'not-appended' },
      });
    }
    for (let n = 0; n < 20; n++) expect(await store.read(`full-${n}`)).toEqual([]);
    expect(await store.read('before-1')).toHaveLength(1);

    database.exec('PRAGMA max_page_count = 100000');
    expect(await store.append('before-1', 0, [sampleEvent()])).toBe(1);
    expect(await store.append('full-3', 'no-stream', [big()])).toBe(0);
    await store.close();
    const reopened = new SqliteEventStore(openDatabase(join(path, 'log.db')));
    expect(await reopened.read('before-1')).toHaveLength(2);
    expect(await reopened.readAll(undefined, 100)).toHaveLength(3);
    await reopened.close();
  });
});

describe('group commit', () => {
  test('judges revisions on what is waiting', async () => {
    const store = new DataDirectory(path).openEventStore();
    const first = store.append('s-1', 'no-stream', [sampleEvent({ n: 0 })]);
    const second = store.append('s-1', 0, [sampleEvent({ n: 1 })]);
    const late = store.append('s-1', 0, [sampleEvent({ n: 2 })]);
    await expect(late).rejects.toMatchObject({ actual: 1 });
    expect(await Promise.all([first, second])).toEqual([0, 1]);
    await store.close();
  });

  test('shows nothing before it is durable', async () => {
    const store = new DataDirectory(path).openEventStore();
    const pending = store.append('s-1', 'no-stream', [sampleEvent()]);
    expect(await store.read('s-1')).toEqual([]);
    await pending;
    expect(await store.read('s-1')).toHaveLength(1);
    await store.close();
  });

  test('commits what is waiting when the store is closed, and refuses what comes after', async () => {
    const directory = new DataDirectory(path);
    const store = directory.openEventStore();
    const pending = store.append('s-1', 'no-stream', [sampleEvent()]);
    await directory.close();
    expect(await pending).toBe(0);
    await expect(store.append('s-1', 0, [sampleEvent()])).rejects.toBeInstanceOf(StoreUnavailable);
  });
});

describe('a data directory', () => {
  test('has one owner at a time', async () => {
    const directory = new DataDirectory(path);
    expect(() => new DataDirectory(path)).toThrow(DataDirectoryFault);
    expect(() => new DataDirectory(path)).toThrow(/in use by another process/);
    await directory.close();
    await new DataDirectory(path).close();
  });

  test('cannot be a file, and says so', () => {
    expect(() => new DataDirectory('/dev/null/x')).toThrow(/cannot use the data directory/);
  });

  test('is readable by its owner only', async () => {
    const directory = new DataDirectory(path);
    await directory.openEventStore().append('s-1', 'no-stream', [sampleEvent()]);
    directory.openKeyRing();
    directory.secretFile('operator-token', () => 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path)).toEqual(expect.arrayContaining(['owner.db', 'log.db-wal', 'operator-token']));
    for (const file of readdirSync(path)) {
      expect([file, statSync(join(path, file)).mode & 0o777]).toEqual([file, 0o600]);
    }
    await directory.close();
  });

  test('makes a secret file once', async () => {
    const directory = new DataDirectory(path);
    expect(directory.secretFile('a', () => 'one')).toMatchObject({ text: 'one', made: true });
    expect(directory.secretFile('a', () => 'two')).toMatchObject({ text: 'one', made: false });
    await directory.close();
  });
});
