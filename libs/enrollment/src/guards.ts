import {
  codec,
  codesFold,
  codesStream,
  ledgerFold,
  verificationStream,
  type CodeSet,
  type Ledger,
} from '@sparekey/contracts';
import type { EventStore } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';

/** What this room reads of recovery's and verification's streams. */
export class Guards {
  readonly #codes: FoldCache<CodeSet | undefined>;
  readonly #ledgers: FoldCache<Ledger>;

  constructor(store: EventStore) {
    this.#codes = new FoldCache(store, codec, codesFold, 4_096);
    this.#ledgers = new FoldCache(store, codec, ledgerFold, 4_096);
  }

  async codes(domain: string, user: string): Promise<CodeSet | undefined> {
    return (await this.#codes.load(codesStream(domain, user))).state;
  }

  async ledger(domain: string, user: string): Promise<Ledger> {
    return (await this.#ledgers.load(verificationStream(domain, user))).state;
  }
}
