import { codec, domainFold, domainStream, type DomainView } from '@sparekey/contracts';
import type { EventStore, Folded } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';

/** Reads domains as they stand at the end of their streams. */
export class DomainReader {
  readonly #cache: FoldCache<DomainView>;

  constructor(store: EventStore) {
    this.#cache = new FoldCache(store, codec, domainFold, 4_096);
  }

  load(domain: string): Promise<Folded<DomainView>> {
    return this.#cache.load(domainStream(domain));
  }
}
