import type { Origin } from '@sparekey/event-sourcing';
import type { IdentityRoom } from './identity.room.ts';
import { digestOf, openLogin, setPassword } from './put-account.ts';

/** Ends every session, in the moment in which this resolves. @throws Refusal policy-refused */
export async function changePassword(room: IdentityRoom, origin: Origin, password: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  const { login } = await room.account(domain, user);
  const words = login ? [await openLogin(room, domain, user, login), user] : [user];
  const digest = await digestOf(room, domain, password, words);
  await room.changeAccount(origin, async ({ state, eventId }) =>
    setPassword(room, origin, digest, eventId(0), state),
  );
}
