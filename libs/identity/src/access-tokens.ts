import { refuse, type AccessScope, type AccessTokensFact } from '@sparekey/contracts';
import type { Decider, Recorded } from '@sparekey/event-sourcing';

/*
 * The personal access tokens of one user, so that scripts need no second step.
 *
 * - A token is for a few calls, all of which only read, and for a limited time.
 * - It dies with the user's epoch, with a new password, and when two-step verification goes on; a revoked one is refused from that moment.
 */

export const MAX_ACCESS_TOKENS = 50;
const DAY_MS = 86_400_000;

export interface AccessToken {
  readonly tokenId: string;
  readonly name: { readonly value: string; readonly eventId: string };
  readonly scopes: readonly AccessScope[];
  readonly epoch: number;
  readonly passwords: number;
  readonly twoStep: boolean;
  readonly expiresAt: number;
  readonly createdAt: number;
}

export type AccessTokens = readonly AccessToken[];

export type AccessTokensCommand =
  | {
      readonly type: 'IssueAccessToken';
      readonly tokenId: string;
      /** Sealed. */
      readonly name: string;
      readonly digest: string;
      readonly scopes: readonly AccessScope[];
      readonly epoch: number;
      /** How many passwords there were when the caller was let in. */
      readonly passwords: number;
      readonly twoStep: boolean;
      readonly expiresAt: number;
      readonly maxDays: number;
      readonly at: number;
    }
  | { readonly type: 'RevokeAccessToken'; readonly tokenId: string };

type Envelope = Recorded<AccessTokensFact> & { readonly id?: string };

function evolve(tokens: AccessTokens, event: Envelope): AccessTokens {
  switch (event.type) {
    case 'AccessTokenIssued': {
      const { name, ...data } = event.data;
      const sealed = { value: name, eventId: event.id ?? '' };
      const alive = tokens.filter(({ expiresAt }) => expiresAt > event.time);
      return [...alive, { ...data, name: sealed, createdAt: event.time }];
    }
    case 'AccessTokenRevoked':
      return tokens.filter(({ tokenId }) => tokenId !== event.data.tokenId);
    default:
      return tokens;
  }
}

function decide(command: AccessTokensCommand, tokens: AccessTokens): AccessTokensFact[] {
  if (command.type === 'RevokeAccessToken') {
    const { tokenId } = command;
    if (!tokens.some((token) => token.tokenId === tokenId))
      throw refuse('not-found', { detail: 'there is no such token' });
    return [{ type: 'AccessTokenRevoked', data: { tokenId } }];
  }
  const { type: _, maxDays, at, ...data } = command;
  if (data.expiresAt <= at)
    throw refuse('validation-failed', { errors: [{ field: 'expiresAt', message: 'must be in the future' }] });
  if (data.expiresAt > at + maxDays * DAY_MS)
    throw refuse('policy-refused', {
      errors: [{ field: 'expiresAt', message: `must be within ${maxDays} days` }],
    });
  if (tokens.filter(({ expiresAt }) => expiresAt > at).length >= MAX_ACCESS_TOKENS)
    throw refuse('policy-refused', { detail: `a user may have ${MAX_ACCESS_TOKENS} access tokens` });
  return [{ type: 'AccessTokenIssued', data: { ...data, scopes: [...data.scopes] } }];
}

export const accessTokensDecider: Decider<AccessTokensCommand, AccessTokensFact, AccessTokens> = {
  initialState: () => [],
  evolve,
  decide,
};
