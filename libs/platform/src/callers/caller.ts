import type { TokenRole } from '@sparekey/contracts';
import type { Actor } from '@sparekey/event-sourcing';

/** Who makes a call, as far as it has been proven: the token was genuine, not revoked and not expired. */
export interface Caller {
  readonly role: 'operator' | TokenRole;
  /** The one domain it may act in; the operator may act in all. */
  readonly domain?: string;
  /** With role `service`: which registered service. */
  readonly service?: string;
  /** With role `service`: may make the calls marked *self* for its people. */
  readonly onBehalf?: boolean;
  /** What events say of it. */
  readonly actor: Actor;
}

/** What a call asks for. `self`: the person themselves, or a service that may act on their behalf. */
export type Permission = 'operator' | TokenRole | 'self';

const HELD: Record<Caller['role'], readonly Permission[]> = {
  operator: ['operator', 'administrator', 'help-desk', 'auditor'],
  administrator: ['administrator', 'help-desk', 'auditor'],
  'help-desk': ['help-desk'],
  auditor: ['auditor'],
  service: ['service'],
};

/** Whether the caller holds one of the permissions, in this domain where the call names one. */
export function isAllowed(caller: Caller, anyOf: readonly Permission[], domain: string | undefined): boolean {
  if (caller.role !== 'operator' && caller.domain !== domain) return false;
  if (caller.onBehalf && anyOf.includes('self')) return true;
  return HELD[caller.role].some((held) => anyOf.includes(held));
}
