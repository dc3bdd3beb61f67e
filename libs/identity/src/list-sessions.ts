import { meaningOf, type User } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { Shredded } from '@sparekey/vault';
import { accountDecider, type SessionDetails } from './account.ts';
import type { IdentityRoom } from './identity.room.ts';
import { bindingOf } from './sessions.ts';

const iso = (time: number) => new Date(time).toISOString();

/** From where somebody signed in, as it is sealed with the beginning of a session. */
interface Context {
  readonly ip: string;
  readonly userAgent?: string;
}

/** The sessions of a person that have not ended, newest first; one that is not used ends sooner than is said here. @param current the session that asks, where it is one */
export async function listSessions(
  room: IdentityRoom,
  domain: string,
  user: string,
  current: string | undefined,
) {
  const [{ living, details }, status] = await Promise.all([
    room.account(domain, user),
    room.guards.user(domain, user),
  ]);
  const now = room.ports.clock.now();
  const alive = Object.entries(living.sessions).flatMap(([sessionId, { startedAt, expiresAt }]) => {
    const known = details[sessionId];
    const isAccepted =
      expiresAt > now && known && isAcceptedOf(room, { domain, user }, sessionId, known, status);
    return isAccepted ? [{ sessionId, startedAt, expiresAt, known }] : [];
  });
  const items = alive
    .sort((one, other) => other.startedAt - one.startedAt)
    .map(async ({ sessionId, startedAt, expiresAt, known }) => {
      const context = await contextOf(room, domain, user, known);
      return {
        sessionId,
        current: sessionId === current,
        scope: known.scope,
        startedAt: iso(startedAt),
        expiresAt: iso(expiresAt),
        ...(context && { context }),
      };
    });
  return { items: await Promise.all(items), next: null };
}

/** Not of an earlier epoch, and not a password alone where two-step verification went on elsewhere: those are refused everywhere. */
function isAcceptedOf(
  room: IdentityRoom,
  whose: { readonly domain: string; readonly user: string },
  sessionId: string,
  { signInId, acr }: SessionDetails,
  { epoch, twoStep, enabledIn }: User,
): boolean {
  if (bindingOf(room, whose, signInId).epoch !== epoch) return false;
  return !twoStep || meaningOf(acr)?.isProof === true || enabledIn === sessionId;
}

async function contextOf(
  { ports }: IdentityRoom,
  domain: string,
  user: string,
  { context }: SessionDetails,
): Promise<Context | undefined> {
  if (!context) return undefined;
  const place = { eventId: context.eventId, field: 'context' };
  try {
    return JSON.parse(await ports.vault.open({ domain, user }, 'context', context.value, place)) as Context;
  } catch (error) {
    if (error instanceof Shredded) return undefined;
    throw error;
  }
}

/** Refused everywhere from the moment this resolves. @param sessionIds all there are where it is absent */
export async function endSessions(
  room: IdentityRoom,
  origin: Origin,
  sessionIds?: readonly string[],
): Promise<void> {
  await room.changeAccount(origin, async ({ state }) =>
    (sessionIds ?? Object.keys(state.living.sessions)).flatMap((sessionId) =>
      accountDecider.decide({ type: 'EndSession', sessionId }, state),
    ),
  );
}
