import { randomUUID } from 'node:crypto';
import { STREAM_PREFIXES } from '@sparekey/contracts';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { EventStoreDbStandIn } from '@sparekey/eventstoredb-stand-in';
import { temporaryDirectory } from './temporary-directory.ts';

/**
 * One log in EventStoreDB: in a namespace of its own on the server that EVENTSTORE_URL names, else on a stand-in, which is no
 * EventStoreDB. Each store has a connection and a subscription of its own, as each process has them.
 */
export class EventStoreDbLog {
  readonly #url: string;
  readonly #stop: () => Promise<void>;
  readonly #prefixes: readonly string[];
  readonly #namespace = `t${randomUUID().slice(0, 8)}`;
  readonly #opened: EventStoreDbEventStore[] = [];

  private constructor(url: string, stop: () => Promise<void>, prefixes: readonly string[]) {
    this.#url = url;
    this.#stop = stop;
    this.#prefixes = prefixes;
  }

  /** @param named another server than that of EVENTSTORE_URL */
  static async start(
    prefixes: readonly string[] = STREAM_PREFIXES,
    named: string | undefined = process.env.EVENTSTORE_URL,
  ): Promise<EventStoreDbLog> {
    if (named) return new EventStoreDbLog(named, async () => undefined, prefixes);
    const { path, remove } = temporaryDirectory();
    const standIn = await EventStoreDbStandIn.start({ directory: path });
    const stop = async () => {
      await standIn.stop();
      remove();
    };
    return new EventStoreDbLog(standIn.url, stop, prefixes);
  }

  open(): EventStoreDbEventStore {
    const store = new EventStoreDbEventStore({
      client: connectEventStoreDb(this.#url, false),
      prefixes: this.#prefixes,
      namespace: this.#namespace,
      onTrouble: () => undefined,
    });
    this.#opened.push(store);
    return store;
  }

  /** Ends with every store that is open. */
  async close(): Promise<void> {
    for (const store of this.#opened) await store.close();
    await this.#stop();
  }
}
