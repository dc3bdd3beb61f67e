import { accessTokensStream, type AccessScope } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { accessTokensDecider } from './access-tokens.ts';
import type { IdentityRoom } from './identity.room.ts';

const iso = (time: number) => new Date(time).toISOString();

/** @returns the token, shown here and never again @throws Refusal validation-failed · policy-refused */
export async function issueAccessToken(
  room: IdentityRoom,
  origin: Origin,
  { name, scopes, expiresAt }: { name: string; scopes: readonly AccessScope[]; expiresAt: number },
): Promise<{ readonly tokenId: string; readonly token: string }> {
  const { domain, subject: user = '' } = origin;
  const { handles, random, vault } = room.ports;
  const { policy } = await room.domain(domain);
  const { epoch } = await room.guards.user(domain, user);
  const tokenId = random.uuid();
  await room.changeAccessTokens(origin, async ({ state, at, eventId }) => {
    const context = { eventId: eventId(0), field: 'name' };
    const sealed = await vault.seal({ domain, user }, 'contact', name, context);
    const { maxDays } = policy.accessTokens;
    const command = { tokenId, name: sealed, scopes, epoch, expiresAt, maxDays, at };
    return accessTokensDecider.decide({ type: 'IssueAccessToken', ...command }, state);
  });
  return { tokenId, token: handles.seal('access-token', [domain, user, tokenId]) };
}

/** The living tokens of a person, newest first; never the tokens themselves. */
export async function listAccessTokens(room: IdentityRoom, domain: string, user: string) {
  const { vault, clock } = room.ports;
  const [{ state }, { epoch }, { living }] = await Promise.all([
    room.accessTokens.load(accessTokensStream(domain, user)),
    room.guards.user(domain, user),
    room.account(domain, user),
  ]);
  const { passwordSetAt = 0 } = living;
  const alive = state.filter(
    (token) => token.expiresAt > clock.now() && token.epoch === epoch && token.createdAt >= passwordSetAt,
  );
  const items = alive.toReversed().map(async ({ tokenId, name, scopes, expiresAt, createdAt }) => ({
    tokenId,
    name: await vault.open({ domain, user }, 'contact', name.value, { eventId: name.eventId, field: 'name' }),
    scopes,
    createdAt: iso(createdAt),
    expiresAt: iso(expiresAt),
  }));
  return { items: await Promise.all(items), next: null };
}
