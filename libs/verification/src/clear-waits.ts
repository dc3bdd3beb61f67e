import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { verificationDecider } from './verification.ts';
import type { VerificationRoom } from './verification.room.ts';

/** The help desk lets a user try again at once, and gives back factors suspended at the hard cap. */
export async function clearWaits(room: VerificationRoom, origin: Origin): Promise<void> {
  const { user } = await room.guards.load(origin.domain, origin.subject!);
  if (!user.contacts)
    throw refuse('not-found', { detail: 'there is no such user in this domain: PUT users/{user} makes one' });
  await room.change(origin, async ({ state }) => verificationDecider.decide({ type: 'ClearWaits' }, state));
}
