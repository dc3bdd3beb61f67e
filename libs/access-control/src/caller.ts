import type { AccessScope, Role, SessionClaims, SessionScope, TokenRole } from '@sparekey/contracts';
import type { Actor } from '@sparekey/event-sourcing';

/** A person, and what they have shown of themselves. */
export interface Person {
  readonly user: string;
  /** Roles in the domain, whether or not this session gives them effect. */
  readonly roles: readonly Role[];
  /** Whether two-step verification is on. */
  readonly twoStep: boolean;
  /** How far the session reaches. */
  readonly scope: SessionScope;
  /** With a personal access token: all that it is for. */
  readonly accessScopes?: readonly AccessScope[];
  /** A second factor was passed: roles have effect. */
  readonly secondStep: boolean;
  /** When the password or the provider was last shown (Unix milliseconds). */
  readonly firstAt?: number;
  /** When a second factor was last shown. */
  readonly secondAt?: number;
  /** The session of the reference sign-in service, where it is one. */
  readonly session?: SessionClaims;
}

/** Who makes a call, as far as it has been proven: what they presented is genuine, not revoked and not expired. */
export interface Caller {
  readonly role: 'operator' | TokenRole | 'person';
  /** The one domain it may act in; the operator may act in all. */
  readonly domain?: string;
  /** With role `service`: which registered service. */
  readonly service?: string;
  /** With role `service`: may make the calls marked *self* for its people. */
  readonly onBehalf?: boolean;
  /** With role `service`: may change contacts and passwords of people who exist already. */
  readonly manages?: boolean;
  readonly person?: Person;
  /** What events say of it. */
  readonly actor: Actor;
}

export const OPERATOR: Caller = { role: 'operator', actor: { kind: 'operator', id: 'operator' } };

/** What a call asks for. `self`: the person themselves, or a service that may act on their behalf. */
export type Permission = 'operator' | TokenRole | 'self' | 'session';

/** Who may make a call, and how much they must have shown. */
export interface Requirement {
  /** One of these is enough; none: anybody. */
  readonly anyOf: readonly Permission[];
  /** Sessions that are narrower than `full` and may call it all the same. */
  readonly scopes?: readonly SessionScope[];
  /** Personal access tokens of this scope may call it. */
  readonly accessScope?: AccessScope;
  /** The person must have shown who they are within the last quarter of an hour. */
  readonly fresh?: boolean;
  /** With nobody asked for: who holds a session is told of all the same. */
  readonly mayHaveSession?: boolean;
  /** The log tells who made it: somebody looks, or has read models made anew. */
  readonly logged?: boolean;
  /** Not for tokens of machines, whatever their role; the operator's is none of them. */
  readonly byPerson?: boolean;
}

const HELD: Record<Caller['role'], readonly Permission[]> = {
  operator: ['operator', 'administrator', 'help-desk', 'auditor'],
  administrator: ['administrator', 'help-desk', 'auditor'],
  'help-desk': ['help-desk'],
  auditor: ['auditor'],
  service: ['service'],
  person: [],
};

/** The roles that these roles amount to. */
export const holdings = (roles: readonly (Role | Caller['role'])[]): ReadonlySet<Permission> =>
  new Set(roles.flatMap((role) => HELD[role]));
