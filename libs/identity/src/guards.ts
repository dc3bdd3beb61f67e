import { codec, factorsStream, userFold, type User } from '@sparekey/contracts';
import type { EventStore } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';

/** What this room reads of enrollment's streams. */
export class Guards {
  readonly #users: FoldCache<User>;

  constructor(store: EventStore) {
    this.#users = new FoldCache(store, codec, userFold, 4_096);
  }

  async user(domain: string, user: string): Promise<User> {
    return (await this.#users.load(factorsStream(domain, user))).state;
  }
}
