import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { IdentityRoom } from './identity.room.ts';
import { digestOf, openLogin, setPassword } from './put-account.ts';
import type { Session } from './sessions.ts';

/**
 * Ends every session, in the moment in which this resolves.
 *
 * @returns how many passwords there were, with this one
 * @throws Refusal policy-refused · unauthenticated where the session ended while the password was looked at
 */
export async function changePassword(
  room: IdentityRoom,
  origin: Origin,
  { sid: sessionId, epoch }: Session,
  password: string,
): Promise<number> {
  const { domain, subject: user = '' } = origin;
  const { login } = await room.account(domain, user);
  const words = login ? [await openLogin(room, domain, user, login), user] : [user];
  const digest = await digestOf(room, origin, password, words);
  const { state } = await room.changeAccount(origin, async ({ state, eventId }) => {
    if ((await room.guards.user(domain, user)).epoch !== epoch) throw refuse('unauthenticated');
    return setPassword(room, origin, { digest, sessionId }, eventId(0), state);
  });
  return state.living.passwords;
}
