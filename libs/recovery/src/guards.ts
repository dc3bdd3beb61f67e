import {
  codec,
  factorsStream,
  ledgerFold,
  refuse,
  userFold,
  verificationStream,
  type Ledger,
  type User,
} from '@sparekey/contracts';
import type { EventStore } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';

/** What this room reads of enrollment's and verification's streams. */
export class Guards {
  readonly #users: FoldCache<User>;
  readonly #ledgers: FoldCache<Ledger>;

  constructor(store: EventStore) {
    this.#users = new FoldCache(store, codec, userFold, 4_096);
    this.#ledgers = new FoldCache(store, codec, ledgerFold, 4_096);
  }

  /** The epoch that codes are made under. @throws Refusal `not-found` */
  async epoch(domain: string, user: string): Promise<number> {
    return (await this.standing(domain, user)).epoch;
  }

  /** @throws Refusal `not-found` */
  async standing(domain: string, user: string): Promise<User> {
    const { state } = await this.#users.load(factorsStream(domain, user));
    if (!state.contacts)
      throw refuse('not-found', {
        detail: 'there is no such user in this domain: PUT users/{user} makes one',
      });
    return state;
  }

  /** Numbers of the codes of this set that are spent. */
  async spent(domain: string, user: string, batchId: string): Promise<readonly number[]> {
    const { state } = await this.#ledgers.load(verificationStream(domain, user));
    return state.consumed[batchId]?.items ?? [];
  }
}
