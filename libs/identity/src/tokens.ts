import { refuse, type TokenRole, type TokensFact } from '@sparekey/contracts';
import type { Decider, Recorded } from '@sparekey/event-sourcing';

/*
 * The API tokens of one domain's machines.
 *
 * - A token is proven by a random secret, of which only the digest is kept.
 * - A token has one role; with role `service` it speaks for one registered service.
 * - A revoked token is refused from the moment the revocation is acknowledged.
 * - A domain has at most as many live tokens as can be looked over; the sign-in service's own, of which there is one, is none of
 *   them, so that nobody's tokens keep people from signing in.
 */

export const MAX_TOKENS = 200;

export interface Token {
  readonly tokenId: string;
  readonly name: { readonly value: string; readonly eventId: string };
  readonly role: TokenRole;
  readonly service?: string;
  readonly expiresAt?: number;
  readonly digest?: string;
  /** Sealed; of the reference sign-in service's own token. */
  readonly secret?: { readonly value: string; readonly eventId: string };
  readonly createdAt: number;
  readonly createdBy: string;
}

export type Tokens = readonly Token[];

export interface TokenTerms {
  readonly role: TokenRole;
  readonly service?: string;
  readonly expiresAt?: number;
}

export type TokensCommand =
  | ({
      readonly type: 'IssueToken';
      readonly tokenId: string;
      readonly name: string;
      readonly digest: string;
      readonly secret?: string;
      readonly at: number;
    } & TokenTerms)
  | { readonly type: 'RevokeToken'; readonly tokenId: string };

type Envelope = Recorded<TokensFact> & { readonly id?: string; readonly actor?: { readonly id: string } };

function evolve(tokens: Tokens, event: Envelope): Tokens {
  switch (event.type) {
    case 'ApiTokenIssued': {
      const { name, secret, ...data } = event.data;
      const sealed = (value: string) => ({ value, eventId: event.id ?? '' });
      const kept = secret === undefined ? {} : { secret: sealed(secret) };
      const made = { createdAt: event.time, createdBy: event.actor?.id ?? '' };
      return [...tokens, { ...data, ...kept, name: sealed(name), ...made }];
    }
    case 'ApiTokenRevoked':
      return tokens.filter(({ tokenId }) => tokenId !== event.data.tokenId);
    default:
      return tokens;
  }
}

function decide(command: TokensCommand, tokens: Tokens): TokensFact[] {
  if (command.type === 'RevokeToken') {
    const { tokenId } = command;
    if (!tokens.some((token) => token.tokenId === tokenId))
      throw refuse('not-found', { detail: 'there is no such token' });
    return [{ type: 'ApiTokenRevoked', data: { tokenId } }];
  }
  const { type: _, at, ...data } = command;
  const alive = tokens.filter(
    ({ expiresAt, secret }) => secret === undefined && (expiresAt === undefined || expiresAt > at),
  );
  if (data.secret === undefined && alive.length >= MAX_TOKENS)
    throw refuse('policy-refused', { detail: `a domain may have ${MAX_TOKENS} tokens` });
  if (data.expiresAt !== undefined && data.expiresAt <= at) {
    throw refuse('validation-failed', { errors: [{ field: 'expiresAt', message: 'must be in the future' }] });
  }
  return [{ type: 'ApiTokenIssued', data }];
}

export const tokensDecider: Decider<TokensCommand, TokensFact, Tokens> = {
  initialState: () => [],
  evolve,
  decide,
};
