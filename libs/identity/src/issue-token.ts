import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { makeBearerToken } from '@sparekey/vault';
import type { IdentityRoom } from './identity.room.ts';
import { tokensDecider, type TokenTerms } from './tokens.ts';

export interface IssuedToken {
  readonly tokenId: string;
  /** Shown here and never again: nothing that is kept can make it. */
  readonly token: string;
}

/**
 * @param keepSecret the secret is kept, sealed: only where nobody is shown the token
 * @throws Refusal `validation-failed` where role and service do not fit together or the service is not registered
 */
export async function issueToken(
  room: IdentityRoom,
  origin: Origin,
  { name, ...terms }: TokenTerms & { readonly name: string },
  keepSecret = false,
): Promise<IssuedToken> {
  const { domain } = origin;
  const { random, vault } = room.ports;
  const { services } = await room.domain(domain);
  const known = terms.service !== undefined && services.has(terms.service);
  if (terms.role === 'service' ? !known : terms.service !== undefined) {
    throw refuse('validation-failed', {
      errors: [
        {
          field: 'service',
          message: 'must name a registered service with role service, and be absent otherwise',
        },
      ],
    });
  }
  const tokenId = random.uuid();
  const { token, secret, digest } = makeBearerToken('api-token', [domain, tokenId]);
  await room.changeTokens(origin, async ({ state, at, eventId }) => {
    const place = (field: string) => ({ eventId: eventId(0), field });
    const sealed = await vault.seal({ domain }, 'contact', name, place('name'));
    const kept = keepSecret && {
      secret: await vault.seal({ domain }, 'password', secret, place('secret')),
    };
    const command = { tokenId, name: sealed, digest, ...kept, ...terms, at };
    return tokensDecider.decide({ type: 'IssueToken', ...command }, state);
  });
  return { tokenId, token };
}
