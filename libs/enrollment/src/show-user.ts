import { isDeepStrictEqual } from 'node:util';
import type { Origin } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import type { EnrollmentRoom } from './enrollment.room.ts';
import type { Contacts } from './put-user.ts';
import { userDecider } from './user.ts';

/** What a person is called, where they are reached, and what they hold. */
export async function showUser(room: EnrollmentRoom, domain: string, user: string) {
  const [{ roles }, { registeredAt }] = await Promise.all([room.domain(domain), room.user(domain, user)]);
  return {
    userId: user,
    ...(await contactsOf(room, domain, user)),
    roles: [...(roles.get(user) ?? [])],
    registeredAt: new Date(registeredAt).toISOString(),
  };
}

/** @returns nothing of a person who was erased */
export async function contactsOf(
  room: EnrollmentRoom,
  domain: string,
  userId: string,
): Promise<Partial<Contacts>> {
  try {
    const { contacts } = await room.user(domain, userId);
    return JSON.parse(await room.open(domain, userId, 'contact', contacts!, 'contacts')) as Contacts;
  } catch (error) {
    if (error instanceof Shredded) return {};
    throw error;
  }
}

/** What people change of themselves: what they are called, and their language. Addresses take more than a session. */
export async function changeUser(
  room: EnrollmentRoom,
  origin: Origin,
  changes: Pick<Contacts, 'displayName' | 'locale'>,
): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.user(domain, user);
  await room.changeUser(origin, async ({ state, eventId }) => {
    const opened = await room.open(domain, user, 'contact', state.contacts!, 'contacts');
    const known = JSON.parse(opened) as Contacts;
    const changed = { ...known, ...changes };
    if (isDeepStrictEqual(known, changed)) return [];
    const sealed = await room.seal(domain, user, 'contact', JSON.stringify(changed), eventId(0), 'contacts');
    return userDecider.decide({ type: 'PutContacts', contacts: sealed, profileOnly: true }, state);
  });
}

/** Who holds which roles, by their ids. */
export async function listRoles(room: EnrollmentRoom, domain: string) {
  const { roles } = await room.domain(domain);
  const items = [...roles]
    .filter(([, held]) => held.length > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    items: await Promise.all(
      items.map(async ([userId, held]) => {
        const { displayName } = await contactsOf(room, domain, userId);
        return { userId, ...(displayName !== undefined && { displayName }), roles: [...held] };
      }),
    ),
    next: null,
  };
}
