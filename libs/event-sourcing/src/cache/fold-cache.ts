import { LRUCache } from 'lru-cache';
import type { Codec } from '../codec.ts';
import type { StoredEvent } from '../envelope.ts';
import type { EventStore } from '../event-store.ts';
import type { Fold, Folded } from '../fold.ts';

const PAGE = 500;

/**
 * Keeps folded states by stream (those that changed last; tracking every use would cost more than it saves) and reads
 * only what is new since. A load always goes to the stream's end in the store,
 * so a cached state is never an excuse for a stale decision.
 */
export class FoldCache<State> {
  readonly #kept: LRUCache<string, Folded<State>>;

  constructor(
    readonly store: EventStore,
    readonly codec: Codec,
    readonly fold: Fold<State>,
    /** Streams kept at once. */
    max = 32_768,
  ) {
    this.#kept = new LRUCache({ max });
  }

  async load(stream: string): Promise<Folded<State>> {
    let folded = this.#kept.peek(stream) ?? (await this.#begin(stream));
    for (;;) {
      const page = await this.store.read(stream, { from: folded.revision + 1, limit: PAGE });
      if (page.length > 0) {
        folded = this.#evolve(folded, page);
        this.keep(stream, folded);
      }
      if (page.length < PAGE) return folded;
    }
  }

  /** Remembers what a writer knows after its append. An older state never replaces a newer one. */
  keep(stream: string, folded: Folded<State>): void {
    const kept = this.#kept.peek(stream);
    if (!kept || kept.revision < folded.revision) this.#kept.set(stream, folded);
  }

  #evolve(from: Folded<State>, page: readonly StoredEvent[]): Folded<State> {
    let { state, revision } = from;
    for (const stored of page) {
      state = this.fold.evolve(state, this.codec.decode(stored));
      revision = stored.revision;
    }
    return { state, revision };
  }

  /** Where an unknown stream's fold begins: at its newest summary that this program understands, else at nothing. */
  async #begin(stream: string): Promise<Folded<State>> {
    const nothing = { state: this.fold.initialState(), revision: -1 };
    const rule = this.fold.summary;
    if (!rule) return nothing;
    let page: readonly StoredEvent[];
    let from: number | undefined;
    do {
      page = await this.store.read(stream, {
        direction: 'backwards',
        limit: rule.every * 2,
        ...(from !== undefined && { from }),
      });
      const summary = page.find((event) => event.type === rule.type && rule.understands(event.data));
      if (summary) {
        const begun = { state: rule.restore(this.codec.decode(summary).data), revision: summary.revision };
        this.keep(stream, begun);
        return begun;
      }
      from = (page.at(-1)?.revision ?? 0) - 1;
    } while (page.length === rule.every * 2 && from >= 0);
    return nothing;
  }
}
