import { LRUCache } from 'lru-cache';
import type { Codec } from './codec.ts';
import type { Decider, DomainEvent, Happened } from './decider.ts';
import type { Envelope, StoredEvent } from './envelope.ts';
import type { EventStore } from './event-store.ts';
import type { SummaryRule } from './summary.ts';

/** How a stream becomes a state. */
export interface Fold<State> {
  initialState(): State;
  evolve(state: State, event: Envelope): State;
  /** For streams that grow with use: where a fold may begin other than at the first event. */
  readonly summary?: SummaryRule<State>;
}

/** The fold of an aggregate: its decider's, over the stream that it alone writes. */
export function foldOf<E extends DomainEvent, State>(
  decider: Pick<Decider<never, E, State>, 'initialState' | 'evolve'>,
  summary?: SummaryRule<State>,
): Fold<State> {
  return {
    initialState: () => decider.initialState(),
    evolve: (state, envelope) => decider.evolve(state, envelope as unknown as Happened<E>),
    ...(summary && { summary }),
  };
}

/** A state and the revision it was folded to; -1 where the stream does not exist. */
export interface Folded<State> {
  readonly state: State;
  readonly revision: number;
}

const PAGE = 500;

/** Whether the stream holds anything behind this revision. */
export async function hasMoved(store: EventStore, stream: string, revision: number): Promise<boolean> {
  return (await store.read(stream, { from: revision + 1, limit: 1 })).length > 0;
}

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
