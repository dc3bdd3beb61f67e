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

export interface Loaded<State> extends Folded<State> {
  /** What this load read that the cache had not seen. */
  readonly fresh: readonly Envelope[];
}

const PAGE = 500;

/** Whether the stream holds anything behind this revision. */
export async function hasMoved(store: EventStore, stream: string, revision: number): Promise<boolean> {
  return (await store.read(stream, { from: revision + 1, limit: 1 })).length > 0;
}

/**
 * Keeps folded states by stream and reads only what is new since. A load always goes to the stream's end in the store,
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

  async load(stream: string): Promise<Loaded<State>> {
    const kept = this.#kept.get(stream) ?? (await this.#begin(stream));
    const fresh = await this.#readFrom(stream, kept.revision + 1);
    if (fresh.length === 0) return { ...kept, fresh };
    const folded = this.#evolve(kept, fresh);
    this.keep(stream, folded);
    return { ...folded, fresh };
  }

  /** Remembers what a writer knows after its append. An older state never replaces a newer one. */
  keep(stream: string, folded: Folded<State>): void {
    const kept = this.#kept.get(stream);
    if (!kept || kept.revision < folded.revision) this.#kept.set(stream, folded);
  }

  #evolve(from: Folded<State>, events: readonly Envelope[]): Folded<State> {
    let { state, revision } = from;
    for (const event of events) {
      state = this.fold.evolve(state, event);
      revision = event.revision;
    }
    return { state, revision };
  }

  async #readFrom(stream: string, from: number): Promise<Envelope[]> {
    const events: Envelope[] = [];
    for (;;) {
      const page = await this.store.read(stream, { from: from + events.length, limit: PAGE });
      for (const stored of page) events.push(this.codec.decode(stored));
      if (page.length < PAGE) return events;
    }
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
        const state = rule.restore(this.codec.decode(summary).data);
        return { state, revision: summary.revision };
      }
      from = (page.at(-1)?.revision ?? 0) - 1;
    } while (page.length === rule.every * 2 && from >= 0);
    return nothing;
  }
}
