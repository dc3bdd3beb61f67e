import { refuse, type AttemptsFact } from '@sparekey/contracts';
import type { Decider, Recorded } from '@sparekey/event-sourcing';

/*
 * Failures before a proven first step, as far as the log tells of them: whoever has no password must not make it grow.
 *
 * - The first five of an hour stand there one by one; of all others of that hour, their number.
 */

const HOUR_MS = 3_600_000;
export const TOLD_AN_HOUR = 5;

export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

export interface Attempts {
  readonly hour: number;
  readonly told: number;
}

export type AttemptsCommand =
  | { readonly type: 'RejectPassword'; readonly context?: string; readonly at: number }
  | {
      readonly type: 'SumRejections';
      readonly count: number;
      readonly from: number;
      readonly until: number;
    };

function evolve(attempts: Attempts, event: Recorded<AttemptsFact>): Attempts {
  if (event.type !== 'PasswordRejected') return attempts;
  const hour = hourOf(event.time);
  return { hour, told: hour === attempts.hour ? attempts.told + 1 : 1 };
}

function decide(command: AttemptsCommand, { hour, told }: Attempts): AttemptsFact[] {
  if (command.type === 'SumRejections') {
    const { type: _, ...data } = command;
    if (data.count < 1) throw refuse('internal');
    return [{ type: 'PasswordRejectionsSummed', data }];
  }
  const { context, at } = command;
  if (hourOf(at) === hour && told >= TOLD_AN_HOUR) return [];
  return [{ type: 'PasswordRejected', data: { ...(context !== undefined && { context }) } }];
}

export const attemptsDecider: Decider<AttemptsCommand, AttemptsFact, Attempts> = {
  initialState: () => ({ hour: -1, told: 0 }),
  evolve,
  decide,
};
