import type { DomainEvent } from './decider.ts';

/**
 * Lets the fold of a stream that grows with use begin near its end: every so many revisions a summary of the state goes
 * into the same append. It is no fact: never published, audited or hashed, and skipped by a program whose fold differs.
 */
export interface SummaryRule<State> {
  readonly type: string;
  /** Revisions between two summaries. */
  readonly every: number;
  /** Whether this program's fold made it. */
  understands(data: object): boolean;
  take(state: State): DomainEvent;
  restore(data: object): State;
}

/** Whether an append that moves a stream from `before` to `after` (revisions) passes a place for a summary. */
export function isSummaryDue(rule: SummaryRule<never> | undefined, before: number, after: number): boolean {
  if (!rule) return false;
  return Math.floor((before + 1) / rule.every) !== Math.floor((after + 1) / rule.every);
}
