import type { Origin } from '@sparekey/event-sourcing';
import type { Correlation } from '@sparekey/platform';
import type { Caller } from './caller.ts';

/** What the events of this call say about where they come from. */
export function originOf(
  { actor, person }: Pick<Caller, 'actor' | 'person'>,
  correlation: Correlation,
  domain: string,
  subject?: string,
): Origin {
  const sessionId = person?.session?.sid;
  return {
    domain,
    ...(subject !== undefined && { subject }),
    actor,
    ...(sessionId !== undefined && { sessionId }),
    ...correlation,
  };
}
