import type { Decider, DomainEvent } from '../decider.ts';
import { Refusal } from '../decider.ts';

/** Noon on 2026-03-01, where the stories of the tests begin. */
export const NOON = Date.UTC(2026, 2, 1, 12);

/**
 * The one grammar of decision tests: `given(decider, events).when(command).then(events)` or `.refuses(code)`.
 * An event given without a time happened at noon.
 */
export function given<Command, E extends DomainEvent, State>(
  decider: Decider<Command, E, State>,
  ...events: readonly (E & { time?: number })[]
) {
  const state = events.reduce(
    (before, event) => decider.evolve(before, { time: NOON, ...event }),
    decider.initialState(),
  );
  return {
    state,
    when(command: Command) {
      const decide = () => decider.decide(command, state);
      return {
        then(...expected: readonly E[]) {
          expect(decide()).toEqual(expected);
        },
        refuses(code: string, details: Record<string, unknown> = {}) {
          let refusal: unknown;
          try {
            refusal = { decided: decide() };
          } catch (error) {
            refusal = error;
          }
          expect(refusal).toBeInstanceOf(Refusal);
          expect(refusal).toMatchObject({ code, details });
        },
      };
    },
  };
}
