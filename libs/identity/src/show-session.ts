import type { Caller } from '@sparekey/access-control';
import { Shredded } from '@sparekey/vault';
import type { IdentityRoom } from './identity.room.ts';
import { openLogin } from './put-account.ts';

/** Who is signed in, and how far the session reaches. */
export async function showSession(
  room: IdentityRoom,
  domain: string,
  { user, scope, roles, twoStep, secondStep, session }: NonNullable<Caller['person']>,
) {
  const [{ displayName: organisation = domain }, { login, password }, displayName] = await Promise.all([
    room.domain(domain),
    room.account(domain, user),
    nameOf(room, domain, user),
  ]);
  return {
    domain,
    organisation,
    userId: user,
    ...(displayName !== undefined && { displayName }),
    ...(login && { login: await openLogin(room, domain, user, login) }),
    scope,
    roles: [...roles],
    twoStep,
    secondStep,
    password: password !== undefined,
    expiresAt: new Date(session!.exp * 1_000).toISOString(),
  };
}

/** What the person is called, as their contacts have it. */
async function nameOf(room: IdentityRoom, domain: string, user: string): Promise<string | undefined> {
  const { contacts } = await room.guards.user(domain, user);
  if (!contacts) return undefined;
  const place = { eventId: contacts.eventId, field: 'contacts' };
  try {
    const text = await room.ports.vault.open({ domain, user }, 'contact', contacts.value, place);
    return (JSON.parse(text) as { displayName?: string }).displayName;
  } catch (error) {
    if (error instanceof Shredded) return undefined;
    throw error;
  }
}
