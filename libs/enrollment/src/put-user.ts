import { isDeepStrictEqual } from 'node:util';
import { accountStream, refuse, type Role, type User } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { userDecider } from './user.ts';

/** Where a person can be reached and what they are called; all of it is sealed. */
export interface Contacts {
  readonly emails: readonly string[];
  readonly phone?: string;
  readonly displayName?: string;
  readonly locale?: string;
}

const isReachedAlike = (one: Contacts, other: Contacts): boolean =>
  one.phone === other.phone && isDeepStrictEqual(one.emails, other.emails);

/**
 * Registers a user or replaces their contacts.
 *
 * @param by what the caller may do to people who exist already, and whether that rests on more than a token or a password
 * @returns whether the user is new
 * @throws Refusal forbidden
 */
export async function putUser(
  room: EnrollmentRoom,
  origin: Origin,
  contacts: Contacts,
  by: { readonly mayManage: boolean; readonly onBehalf: boolean; readonly steppedUp: boolean },
): Promise<boolean> {
  const { domain, subject: user = '' } = origin;
  await room.domain(domain);
  const { events } = await room.changeUser(origin, async ({ state, eventId }) => {
    if (state.contacts) {
      const known = JSON.parse(
        await room.open(domain, user, 'contact', state.contacts, 'contacts'),
      ) as Contacts;
      if (isDeepStrictEqual(known, contacts)) return [];
      const mayChange = by.mayManage || (by.onBehalf && (await hasNothingYet(room, origin, state)));
      if (!mayChange && !isReachedAlike(known, contacts))
        throw refuse('forbidden', {
          detail:
            'a service changes contacts of people who exist already where it is registered with manages',
        });
    }
    const sealed = await room.seal(domain, user, 'contact', JSON.stringify(contacts), eventId(0), 'contacts');
    return userDecider.decide({ type: 'PutContacts', contacts: sealed, steppedUp: by.steppedUp }, state);
  });
  return events.some(({ type }) => type === 'UserRegistered');
}

/** Neither an account nor a factor: who acts on their behalf could set up all of it anyhow. */
async function hasNothingYet(
  { ports }: EnrollmentRoom,
  { domain, subject: user = '' }: Origin,
  { twoStep, factors }: User,
): Promise<boolean> {
  if (twoStep || factors.length > 0) return false;
  return (await ports.store.read(accountStream(domain, user), { limit: 1 })).length === 0;
}

/** From the moment this resolves the user holds these roles, and no others, in every session. */
export async function changeRoles(
  room: EnrollmentRoom,
  { subject: user = '', ...origin }: Origin,
  roles: readonly Role[],
): Promise<void> {
  await room.changeDomain(origin, { type: 'ChangeRoles', user, roles });
}
