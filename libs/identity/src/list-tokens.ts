import { tokensStream } from '@sparekey/contracts';
import type { IdentityRoom } from './identity.room.ts';

const iso = (time: number) => new Date(time).toISOString();

/** The live tokens of a domain, newest first; never the tokens themselves. */
export async function listTokens(room: IdentityRoom, domain: string) {
  await room.domain(domain);
  const { state } = await room.tokens.load(tokensStream(domain));
  const now = room.ports.clock.now();
  const alive = state.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  const items = alive
    .toReversed()
    .map(async ({ tokenId, name, role, service, expiresAt, createdAt, createdBy }) => ({
      tokenId,
      name: await room.ports.vault.open({ domain }, 'contact', name.value, {
        eventId: name.eventId,
        field: 'name',
      }),
      role,
      ...(service !== undefined && { service }),
      ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
      createdAt: iso(createdAt),
      createdBy,
    }));
  return { items: await Promise.all(items), next: null };
}
