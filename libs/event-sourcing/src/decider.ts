/** A fact of the domain: a past-tense name and small, flat JSON data. */
export interface DomainEvent<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** An event as a fold sees it: the fact and when it was recorded (Unix milliseconds). */
export type Recorded<E extends DomainEvent> = E & { readonly time: number };

/**
 * One aggregate as two pure functions and a beginning.
 *
 * `decide` is given everything it needs inside the command (time, random values, results of checks); it returns the
 * facts that follow or throws a {@link Refusal}. `evolve` never throws and never mutates: folds are shared by readers.
 */
export interface Decider<Command, Event extends DomainEvent, State> {
  initialState(): State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Recorded<Event>): State;
}

/** A request that makes no sense in this state. It changes nothing; `code` comes from a closed list. */
export class Refusal<Code extends string = string> extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: Code,
    /** Members added to the answer, such as `attemptsLeft` or `retryAfter` (seconds). Never a secret. */
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Why, where something else failed: for the log, never for the answer. */
    options?: { readonly cause: unknown },
  ) {
    super(code, options);
  }
}
