import { accessTokensStream, type AccessScope } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { makeBearerToken } from '@sparekey/vault';
import { accessTokensDecider } from './access-tokens.ts';
import type { IdentityRoom } from './identity.room.ts';
import { bindingOf } from './sessions.ts';

const iso = (time: number) => new Date(time).toISOString();

export interface AccessTokenTerms {
  readonly name: string;
  readonly scopes: readonly AccessScope[];
  /** Unix milliseconds. */
  readonly expiresAt: number;
  /** Of the session that asks, where it is one. */
  readonly signInId?: string;
}

/** @returns the token, shown here and never again @throws Refusal validation-failed · policy-refused */
export async function issueAccessToken(
  room: IdentityRoom,
  origin: Origin,
  { name, scopes, expiresAt, signInId }: AccessTokenTerms,
): Promise<{ readonly tokenId: string; readonly token: string }> {
  const { domain, subject: user = '' } = origin;
  const { random, vault } = room.ports;
  const { policy } = await room.domain(domain);
  // of the session that asks, so that one that ends meanwhile leaves no living token behind
  const asked = signInId === undefined ? undefined : bindingOf(room, { domain, user }, signInId);
  const { twoStep, ...status } = await room.guards.user(domain, user);
  const { epoch } = asked ?? status;
  const { passwords } = asked ?? (await room.account(domain, user)).living;
  const tokenId = random.uuid();
  const { token, digest } = makeBearerToken('access-token', [domain, user, tokenId]);
  await room.changeAccessTokens(origin, async ({ state, at, eventId }) => {
    const context = { eventId: eventId(0), field: 'name' };
    const sealed = await vault.seal({ domain, user }, 'contact', name, context);
    const { maxDays } = policy.accessTokens;
    const command = {
      tokenId,
      name: sealed,
      digest,
      scopes,
      epoch,
      passwords,
      twoStep,
      expiresAt,
      maxDays,
      at,
    };
    return accessTokensDecider.decide({ type: 'IssueAccessToken', ...command }, state);
  });
  return { tokenId, token };
}

/** The living tokens of a person, newest first; never the tokens themselves. */
export async function listAccessTokens(room: IdentityRoom, domain: string, user: string) {
  const { vault, clock } = room.ports;
  const [{ state }, { epoch, twoStep }, { living }] = await Promise.all([
    room.accessTokens.load(accessTokensStream(domain, user)),
    room.guards.user(domain, user),
    room.account(domain, user),
  ]);
  const { passwords } = living;
  const alive = state.filter(
    (token) =>
      token.expiresAt > clock.now() &&
      token.epoch === epoch &&
      token.passwords === passwords &&
      (token.twoStep || !twoStep),
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
