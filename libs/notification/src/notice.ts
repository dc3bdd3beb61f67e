import { refuse, type NoticeFact } from '@sparekey/contracts';
import type { Decider, Recorded } from '@sparekey/event-sourcing';

/*
 * One notice to one address.
 *
 * - It is claimed once; who claimed it sends it. A claim whose time is over may be taken over.
 * - Sent or failed, it is never sent again.
 * - "This was not me" is said once, within its time, whatever became of the sending.
 */

/** How long a notice is worth sending (milliseconds). What is older when it is heard is not told any more. */
export const NOTICE_TTL_MS = 24 * 3_600_000;
/** So long nobody else takes a claim over (milliseconds). */
export const LEASE_MS = 20_000;

type Data<Type extends NoticeFact['type']> = Extract<NoticeFact, { type: Type }>['data'];

export interface Notice {
  readonly claimed: (Data<'NoticeClaimed'> & { readonly claimId: string }) | undefined;
  /** Until when whoever claimed it goes on with it (Unix milliseconds). */
  readonly until: number;
  readonly ended: 'sent' | 'failed' | undefined;
  readonly repudiated: boolean;
}

export type NoticeCommand =
  | {
      readonly type: 'ClaimNotice';
      readonly claim: Data<'NoticeClaimed'>;
      readonly hopeless?: 'no-provider' | 'budget';
    }
  /** `mine`: this process holds the claim, so it need not have run out. */
  | { readonly type: 'RenewClaim'; readonly mine: boolean; readonly until: number; readonly at: number }
  | { readonly type: 'NoteSent'; readonly attempts: number }
  | { readonly type: 'GiveUp'; readonly reason: 'refused' | 'deadline' | 'erased'; readonly attempts: number }
  | { readonly type: 'RepudiateNotice' };

type Envelope = Recorded<NoticeFact> & { readonly id?: string };

function evolve(notice: Notice, event: Envelope): Notice {
  switch (event.type) {
    case 'NoticeClaimed':
      return { ...notice, claimed: { ...event.data, claimId: event.id ?? '' }, until: event.data.until };
    case 'NoticeClaimRenewed':
      return { ...notice, until: event.data.until };
    case 'NoticeSent':
      return { ...notice, ended: 'sent' };
    case 'NoticeFailed':
      return { ...notice, ended: 'failed' };
    case 'NoticeRepudiated':
      return { ...notice, repudiated: true };
    default:
      return notice;
  }
}

function decide(command: NoticeCommand, notice: Notice): NoticeFact[] {
  if (command.type === 'ClaimNotice') {
    const { claim, hopeless } = command;
    if (notice.claimed) return [];
    const { eventId } = claim;
    const claimed: NoticeFact = { type: 'NoticeClaimed', data: claim };
    if (!hopeless) return [claimed];
    return [claimed, { type: 'NoticeFailed', data: { eventId, reason: hopeless, attempts: 0 } }];
  }
  if (!notice.claimed) throw refuse('not-found', { detail: 'there is no such notice' });
  const { eventId, kind, stream, revision } = notice.claimed;
  switch (command.type) {
    case 'RenewClaim': {
      const { mine, until, at } = command;
      const free = mine || notice.until <= at;
      return notice.ended || !free ? [] : [{ type: 'NoticeClaimRenewed', data: { until } }];
    }
    case 'NoteSent':
      return notice.ended ? [] : [{ type: 'NoticeSent', data: { eventId, attempts: command.attempts } }];
    case 'GiveUp': {
      const { reason, attempts } = command;
      return notice.ended ? [] : [{ type: 'NoticeFailed', data: { eventId, reason, attempts } }];
    }
    case 'RepudiateNotice':
      return notice.repudiated
        ? []
        : [{ type: 'NoticeRepudiated', data: { eventId, kind, stream, revision } }];
  }
}

export const noticeDecider: Decider<NoticeCommand, NoticeFact, Notice> = {
  initialState: () => ({ claimed: undefined, until: 0, ended: undefined, repudiated: false }),
  evolve,
  decide,
};
