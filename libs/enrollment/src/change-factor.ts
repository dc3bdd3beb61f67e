import type { Origin } from '@sparekey/event-sourcing';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { usableFactors } from './usable-factors.ts';
import { userDecider } from './user.ts';

export interface FactorChange {
  readonly name?: string;
  readonly makeDefault: boolean;
}

export async function changeFactor(
  room: EnrollmentRoom,
  origin: Origin,
  factorId: string,
  { name, makeDefault }: FactorChange,
): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeUser(origin, async ({ state, at, eventId }) => {
    const sealed =
      name === undefined ? {} : { name: await room.seal(domain, user, 'contact', name, eventId(0), 'name') };
    return userDecider.decide({ type: 'ChangeFactor', factorId, ...sealed, makeDefault, at }, state);
  });
}

export async function removeFactor(room: EnrollmentRoom, origin: Origin, factorId: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeUser(origin, async ({ state, at }) => {
    const usable = await usableFactors(room, domain, user, state);
    return userDecider.decide({ type: 'RemoveFactor', factorId, usable, at }, state);
  });
}
