import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { IdentityRoom } from './identity.room.ts';
import { tokensDecider, type TokenTerms } from './tokens.ts';

export interface IssuedToken {
  readonly tokenId: string;
  /** Shown here and never again: nothing that is kept can make it. */
  readonly token: string;
}

/** @throws Refusal `validation-failed` where role and service do not fit together or the service is not registered */
export async function issueToken(
  room: IdentityRoom,
  origin: Origin,
  { name, ...terms }: TokenTerms & { readonly name: string },
): Promise<IssuedToken> {
  const { domain } = origin;
  const { handles, random, vault } = room.ports;
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
  await room.changeTokens(origin, async ({ state, at, eventId }) => {
    const sealed = await vault.seal({ domain }, 'contact', name, { eventId: eventId(0), field: 'name' });
    return tokensDecider.decide({ type: 'IssueToken', tokenId, name: sealed, ...terms, at }, state);
  });
  return { tokenId, token: handles.seal('api-token', [domain, tokenId]) };
}
