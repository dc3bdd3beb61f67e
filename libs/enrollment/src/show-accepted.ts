import { refuse, settingsOf } from '@sparekey/contracts';
import { factorMethod, type FactorKind, type Fields } from '@sparekey/factors';
import { ceremonyOf } from '@sparekey/platform';
import { accountName } from './account-name.ts';
import type { EnrollmentRoom } from './enrollment.room.ts';

/**
 * What authenticators may go on keeping of what a person has of a kind, and the name by which they show the person, for browsers to
 * tell them after one was removed or the name was changed.
 *
 * @throws Refusal `not-found` where the kind has no such thing
 */
export async function showAccepted(
  room: EnrollmentRoom,
  domain: string,
  user: string,
  type: string,
): Promise<Fields> {
  const { policy } = await room.domain(domain);
  const method = factorMethod(type);
  const kind: FactorKind | undefined = await method?.load();
  const settings = settingsOf(policy, type);
  if (!kind?.accepted || !settings)
    throw refuse('not-found', { detail: 'authenticators keep nothing of this kind' });
  const { relyingParty, userHandle } = ceremonyOf(room.publicUrl, room.ports.blindIndex, { domain, user });
  const accepted = kind.accepted(await room.heldOf(domain, user, type), settings, relyingParty, userHandle);
  return { ...accepted, name: await accountName(room, domain, user) };
}
