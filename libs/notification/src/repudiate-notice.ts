import { noticeStream, refuse } from '@sparekey/contracts';
import type { Correlation } from '@sparekey/platform';
import { noticeDecider } from './notice.ts';
import type { NotificationRoom } from './notification.room.ts';
import { TOLD, type Told } from './told.ts';

/** How long the link in a notice is good (milliseconds). */
export const LINK_MS = 7 * 24 * 3_600_000;

interface Linked {
  readonly domain: string;
  readonly user: string;
  readonly eventId: string;
  readonly key: string;
  /** When the event happened: the link's time begins with it. */
  readonly deadline: number;
}

/** Where the recipient of a notice says that it was not them. The handle is in the fragment, which no browser sends. */
export function linkTo(room: NotificationRoom, { domain, user, eventId, key, deadline }: Linked): string {
  const expiry = (deadline + LINK_MS).toString(36);
  const handle = room.ports.handles.seal('notice', [domain, user, eventId, key, expiry]);
  return `${room.configuration.publicUrl}/notice#${handle}`;
}

/**
 * "This was not me": recorded once, and heard by the rooms, which suspend what the event introduced.
 *
 * @throws Refusal not-found · challenge-expired when the link's time is over
 */
export async function repudiateNotice(
  room: NotificationRoom,
  handle: string,
  correlation: Correlation,
): Promise<{ readonly state: 'repudiated'; readonly notice: string }> {
  const [domain, user, eventId, key, expiry] = room.ports.handles.open('notice', handle) ?? [];
  if (!domain || !user || !eventId || !key || !expiry)
    throw refuse('not-found', { detail: 'this link is none of ours' });
  if (Number.parseInt(expiry, 36) <= room.ports.clock.now()) throw refuse('challenge-expired');
  const actor = { kind: 'user', id: user } as const;
  const origin = { domain, subject: user, actor, ...correlation };
  const stream = noticeStream(domain, user, eventId, key);
  const { state } = await room.changeNotice(origin, stream, async ({ state: notice }) => {
    const told = notice.claimed && (TOLD as Readonly<Record<string, Told>>)[notice.claimed.kind];
    if (!told?.repudiable) throw refuse('not-found', { detail: 'there is nothing to take back' });
    return noticeDecider.decide({ type: 'RepudiateNotice' }, notice);
  });
  return { state: 'repudiated', notice: state.claimed!.kind };
}
