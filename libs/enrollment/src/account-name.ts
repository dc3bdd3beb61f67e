import type { EnrollmentRoom } from './enrollment.room.ts';
import type { Contacts } from './put-user.ts';

/** By what a person tells this account from others in an app or an authenticator: the first address, else the user's id. */
export async function accountName(room: EnrollmentRoom, domain: string, user: string): Promise<string> {
  const { contacts } = await room.user(domain, user);
  const { emails } = JSON.parse(await room.open(domain, user, 'contact', contacts!, 'contacts')) as Contacts;
  return emails[0] ?? user;
}
