import type { NoticeFact } from '@sparekey/contracts';
import type { Envelope, Origin } from '@sparekey/event-sourcing';

/** A notice as it was claimed. */
export type Claimed = Envelope & Extract<NoticeFact, { type: 'NoticeClaimed' }>;

/** A notice that is on its way. */
export interface OutboxItem {
  readonly event: Claimed;
  /** Behind which position of the log it is found again. */
  readonly before: string | undefined;
  /** When it is tried next (Unix milliseconds). */
  due: number;
  attempts: number;
  /** How often its channel was found to take nothing when this one was tried. */
  troubles: number;
  busy: boolean;
}

/** What the log is told of it comes from here. */
export const originOf = ({ domain, subject = '', correlationId }: Claimed): Origin => ({
  domain,
  subject,
  actor: { kind: 'system', id: 'notification' },
  correlationId,
});
