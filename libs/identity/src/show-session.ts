import type { Caller } from '@sparekey/access-control';
import type { IdentityRoom } from './identity.room.ts';
import { openLogin } from './put-account.ts';

/** Who is signed in, and how far the session reaches. */
export async function showSession(
  room: IdentityRoom,
  domain: string,
  { user, scope, twoStep, session }: NonNullable<Caller['person']>,
) {
  const [{ displayName = domain }, { login }] = await Promise.all([
    room.domain(domain),
    room.account(domain, user),
  ]);
  return {
    domain,
    organisation: displayName,
    userId: user,
    ...(login && { login: await openLogin(room, domain, user, login) }),
    scope,
    twoStep,
    expiresAt: new Date(session!.exp * 1_000).toISOString(),
  };
}
