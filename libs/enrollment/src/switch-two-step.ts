import type { Origin } from '@sparekey/event-sourcing';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { userDecider } from './user.ts';

/** @throws Refusal `not-enrolled` without a confirmed factor, `codes-not-saved` without a saved set of recovery codes */
export async function enableTwoStep(room: EnrollmentRoom, origin: Origin): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeUser(origin, async ({ state }) => {
    const codes = await room.guards.codes(domain, user);
    const codesSaved = codes !== undefined && codes.saved && codes.epoch === state.epoch;
    return userDecider.decide({ type: 'EnableTwoStep', codesSaved }, state);
  });
}

/** From the moment this resolves, every challenge and code set of the user is dead; results that
 * were signed before live out their five minutes with whoever has them. */
export async function disableTwoStep(room: EnrollmentRoom, origin: Origin): Promise<void> {
  await room.changeUser(origin, async ({ state }) => userDecider.decide({ type: 'DisableTwoStep' }, state));
}
