import { noticeStream, refuse } from '@sparekey/contracts';
import type { Correlation } from '@sparekey/platform';
import type { Composed } from './compose-message.ts';
import { noticeDecider, type Notice } from './notice.ts';
import type { SealedTokenKind } from '@sparekey/vault';
import type { NotificationRoom } from './notification.room.ts';
import { contactsOf, removedByProof } from './recipients.ts';
import { NOTICE_POLICY, type Notified } from './notice-policy.ts';

/** Stands behind the link in a notice: whoever holds it may say that it was not them. */
const NOTICE: SealedTokenKind = { name: 'notice', prefix: 'skn_', keys: 'notice' };

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
  const handle = room.ports.sealedTokens.seal(NOTICE, [domain, user, eventId, key, expiry]);
  return `${room.configuration.publicUrl}/notice#${handle}`;
}

/**
 * "This was not me": recorded once, and heard by the rooms, which suspend what the event introduced, and what else came into
 * being in the same session.
 *
 * @throws Refusal not-found · challenge-expired when the link's time is over · policy-refused where a stronger proof has
 * removed the address that the link was sent to, or where it has changed the addresses that would be put back: then it
 * stands in the log, and administrators are told
 */
export async function repudiateNotice(
  room: NotificationRoom,
  handle: string,
  correlation: Correlation,
): Promise<{ readonly state: 'repudiated'; readonly notice: string }> {
  const [domain, user, eventId, key, expiry] = room.ports.sealedTokens.open(NOTICE, handle) ?? [];
  if (!domain || !user || !eventId || !key || !expiry)
    throw refuse('not-found', { detail: 'this link is none of ours' });
  if (Number.parseInt(expiry, 36) <= room.ports.clock.now()) throw refuse('challenge-expired');
  const actor = { kind: 'user', id: user } as const;
  const origin = { domain, subject: user, actor, ...correlation };
  const stream = noticeStream(domain, user, eventId, key);
  const { state } = await room.changeNotice(origin, stream, async ({ state: notice }) => {
    await requireTrusted(room, domain, user, notice);
    const told = notice.claimed && (NOTICE_POLICY as Readonly<Record<string, Notified>>)[notice.claimed.kind];
    if (!told?.repudiable) throw refuse('not-found', { detail: 'there is nothing to take back' });
    return noticeDecider.decide({ type: 'RepudiateNotice' }, notice);
  });
  const { kind, revision } = state.claimed!;
  if (kind === 'ContactsChanged') {
    const changes = await contactsOf(room, domain, user);
    if (changes.some((change) => change.steppedUp && change.revision >= revision))
      throw refuse('policy-refused', {
        detail:
          'the addresses were set with a stronger proof than a mailbox: they stay, and administrators are told',
      });
  }
  return { state: 'repudiated', notice: kind };
}

/** @throws Refusal `policy-refused` where whoever reads this mailbox is not believed any more */
async function requireTrusted(
  room: NotificationRoom,
  domain: string,
  user: string,
  { claimed }: Notice,
): Promise<void> {
  if (!claimed) return;
  const place = { eventId: claimed.claimId, field: 'message' };
  const message = await room.ports.vault.open({ domain, user }, 'message', claimed.message, place);
  const { to } = JSON.parse(message) as Composed;
  if (removedByProof(await contactsOf(room, domain, user)).has(to))
    throw refuse('policy-refused', { detail: 'the address that this link was sent to was replaced since' });
}
