import type { Origin } from '@sparekey/event-sourcing';
import type { Correlation } from '../http/correlation.ts';
import type { Caller } from './caller.ts';

/** What the events of this call say about where they come from. */
export function originOf(
  caller: Pick<Caller, 'actor'>,
  correlation: Correlation,
  domain: string,
  subject?: string,
): Origin {
  return { domain, ...(subject !== undefined && { subject }), actor: caller.actor, ...correlation };
}
