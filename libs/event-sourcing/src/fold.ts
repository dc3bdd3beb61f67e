import type { Decider, DomainEvent, Recorded } from './decider.ts';
import type { Envelope } from './envelope.ts';
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
    evolve: (state, envelope) => decider.evolve(state, envelope as unknown as Recorded<E>),
    ...(summary && { summary }),
  };
}

/** A state and the revision it was folded to; -1 where the stream does not exist. */
export interface Folded<State> {
  readonly state: State;
  readonly revision: number;
}

/** Whether the stream holds anything behind this revision. */
export async function hasMoved(store: EventStore, stream: string, revision: number): Promise<boolean> {
  return (await store.read(stream, { from: revision + 1, limit: 1 })).length > 0;
}
