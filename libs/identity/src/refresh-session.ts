import type { Origin } from '@sparekey/event-sourcing';
import type { SessionToken } from '@sparekey/access-control';
import { accountDecider } from './account.ts';
import type { IdentityRoom } from './identity.room.ts';
import { sign, signInIdOf, start, type Session } from './sessions.ts';

/** The password was shown again: the same session, fresher. */
export async function confirmSession(
  room: IdentityRoom,
  origin: Origin,
  session: Session,
): Promise<SessionToken> {
  const { sid: sessionId } = session;
  await room.changeAccount(origin, async ({ state, at }) =>
    accountDecider.decide({ type: 'ConfirmSession', sessionId, by: 'password', at }, state),
  );
  const now = Math.floor(room.ports.clock.now() / 1_000);
  return sign(room, origin.domain, { ...session, first_at: now });
}

/** A new session in the place of those that a new password ended. @param passwords how many there were with it */
export function restartSession(
  room: IdentityRoom,
  origin: Origin,
  session: Session,
  passwords: number,
): Promise<SessionToken> {
  const { amr, acr, epoch, second_at } = session;
  const secondAt = second_at === undefined ? {} : { secondAt: second_at * 1_000 };
  const { domain, subject: user = '' } = origin;
  const signInId = signInIdOf(room, { domain, user, passwords, epoch, shownAt: room.ports.clock.now() });
  return start(room, origin, { scope: 'full', signInId, amr, acr, ...secondAt });
}
