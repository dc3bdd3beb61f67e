import { refuse, type ClaimFact } from '@sparekey/contracts';
import type { Decider, Recorded } from '@sparekey/event-sourcing';

/*
 * Who holds a login.
 *
 * - A login has one holder, in any case and in any script.
 * - A claim that came to no account (the program died in between) may be taken over after a minute, longer than any
 *   command lives.
 */

export const ABANDONED_MS = 60_000;

export interface Claim {
  readonly holder: string | undefined;
  /** Unix milliseconds. */
  readonly at: number;
}

export type ClaimCommand =
  | {
      readonly type: 'ClaimLogin';
      readonly claim: string;
      readonly user: string;
      /** The holder's account goes by this login. */
      readonly inUse: boolean;
      readonly at: number;
    }
  | { readonly type: 'ReleaseLogin'; readonly claim: string; readonly user: string };

type Envelope = Recorded<ClaimFact> & { readonly subject?: string };

function evolve(claim: Claim, event: Envelope): Claim {
  switch (event.type) {
    case 'LoginClaimed':
      return { holder: event.subject, at: event.time };
    case 'LoginReleased':
      return { holder: undefined, at: event.time };
    default:
      return claim;
  }
}

function decide(command: ClaimCommand, { holder, at }: Claim): ClaimFact[] {
  const { claim, user } = command;
  if (command.type === 'ReleaseLogin')
    return holder === user ? [{ type: 'LoginReleased', data: { claim } }] : [];
  if (holder === user && command.inUse) return []; // else it is claimed anew, so that nobody takes it for abandoned
  const abandoned = !command.inUse && command.at - at > ABANDONED_MS;
  if (holder !== undefined && holder !== user && !abandoned)
    throw refuse('already-exists', { detail: 'this login is taken' });
  return [{ type: 'LoginClaimed', data: { claim } }];
}

export const claimDecider: Decider<ClaimCommand, ClaimFact, Claim> = {
  initialState: () => ({ holder: undefined, at: 0 }),
  evolve,
  decide,
};
