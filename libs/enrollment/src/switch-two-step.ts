import { enrollmentDeadline } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { usableFactors } from './usable-factors.ts';
import { userDecider } from './user.ts';

/** @throws Refusal `not-enrolled` without a usable factor, `codes-not-saved` without a saved set of recovery codes */
export async function enableTwoStep(room: EnrollmentRoom, origin: Origin, sessionId?: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeUser(origin, async ({ state }) => {
    const codes = await room.guards.codes(domain, user);
    // made in this very session: whoever else knows the password may have made some
    const codesSaved = codes?.saved === true && codes.epoch === state.epoch && codes.sessionId === sessionId;
    const usable = await usableFactors(room, domain, user, state);
    const inSession = sessionId === undefined ? {} : { sessionId };
    return userDecider.decide({ type: 'EnableTwoStep', usable, codesSaved, ...inSession }, state);
  });
}

/** "Not now": this one sign-in goes on without. @throws Refusal `policy-refused` where it is required by now, or on */
export async function skipTwoStep(
  room: EnrollmentRoom,
  origin: Origin,
  signIn: { readonly service: string; readonly signInId: string },
): Promise<void> {
  const { domain, subject: user = '' } = origin;
  const { policy } = await room.domain(domain);
  await room.user(domain, user);
  await room.changeUser(origin, async ({ state, at }) => {
    const deadline = enrollmentDeadline(policy, state.registeredAt);
    return userDecider.decide({ type: 'SkipTwoStep', ...signIn, deadline, at }, state);
  });
}

/** From the moment this resolves, every challenge and code set of the user is dead; results that
 * were signed before live out their five minutes with whoever has them. */
export async function disableTwoStep(room: EnrollmentRoom, origin: Origin): Promise<void> {
  await room.changeUser(origin, async ({ state }) => userDecider.decide({ type: 'DisableTwoStep' }, state));
}
