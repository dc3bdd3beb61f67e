import { ACR, refuse, type Role } from '@sparekey/contracts';
import type { Refusal } from '@sparekey/event-sourcing';
import { holdings, type Caller, type Permission, type Person, type Requirement } from './caller.ts';

/** What a call is about. */
export interface Call {
  readonly domain?: string | undefined;
  readonly user?: string | undefined;
  /** Changes nothing. */
  readonly reads: boolean;
}

/** How long a proof counts as fresh, in milliseconds. */
export const FRESH_MS = 15 * 60_000;

/**
 * Whether this caller may make this call.
 *
 * @param rolesOf the roles of a user of the call's domain
 * @returns the caller, as what they act in this call
 * @throws Refusal forbidden · step-up-required
 */
export async function authorize(
  caller: Caller,
  requirement: Requirement,
  call: Call,
  now: number,
  rolesOf: (user: string) => Promise<readonly Role[]>,
): Promise<Caller> {
  if (caller.role === 'operator') {
    if (!meets(holdings(['operator']), requirement)) throw lacking(requirement);
    return caller;
  }
  if (call.domain !== undefined && caller.domain !== call.domain)
    throw refuse('forbidden', { detail: 'this token or session belongs to another domain' });
  requireWholeProof(caller.person);
  const acting = caller.person
    ? asPerson(caller, caller.person, requirement, call)
    : asMachine(caller, requirement);
  if (requirement.fresh && acting.person) requireFresh(acting.person, now);
  const onOther = call.user !== undefined && call.user !== caller.person?.user;
  if (onOther && !call.reads) {
    const target = holdings(await rolesOf(call.user));
    const own = holdings(caller.person?.roles ?? []); // a machine is nobody: it acts on no person with a role
    if (![...target].every((held) => own.has(held)))
      throw refuse('forbidden', { detail: 'nobody acts on a person who holds more roles than they do' });
  }
  return acting;
}

/**
 * For what only a person may do, where that depends on what the call asks for; the operator may.
 *
 * @throws Refusal forbidden · step-up-required
 */
export function requireFreshPerson({ role, person }: Caller, now: number): void {
  if (role === 'operator') return;
  if (!person) throw refuse('forbidden', { detail: 'only a person may do this' });
  requireFresh(person, now);
}

/** Whether the caller may change contacts and passwords of people who exist already: any service makes new ones. */
export const mayManage = ({ role, manages }: Caller): boolean => role !== 'service' || manages === true;

/** Whether what is done now rests on a proof that outranks a mailbox: the operator’s token, or a person’s second step. */
export const isSteppedUp = ({ role, person }: Caller): boolean =>
  role === 'operator' || person?.secondStep === true;

/** With two-step verification on, a provider's token of the first step is worth `acr` none. Sessions are weighed before. */
function requireWholeProof(person: Person | undefined): void {
  if (!person?.twoStep || person.secondStep || person.session || person.accessScopes) return;
  throw stepUp('second-step');
}

const meets = (held: ReadonlySet<Permission>, { anyOf }: Requirement) => anyOf.some((one) => held.has(one));

/** Says what the call takes, and of a service what it lacks. */
function lacking({ anyOf }: Requirement, caller?: Caller): Refusal {
  const wanted = anyOf.map((one) => (one === 'self' ? 'the person themselves' : `role ${one}`)).join(' or ');
  const onBehalf =
    caller?.role === 'service' && anyOf.includes('self')
      ? '; a service makes it for its people where it is registered with onBehalf'
      : '';
  return refuse('forbidden', { detail: `this call takes ${wanted}${onBehalf}` });
}

function asMachine(caller: Caller, requirement: Requirement): Caller {
  if (caller.onBehalf && requirement.anyOf.includes('self')) return caller;
  if (!meets(holdings([caller.role]), requirement)) throw lacking(requirement, caller);
  if (requirement.byPerson && caller.role !== 'service')
    throw refuse('forbidden', { detail: 'only a person may do this, in a session with a second step' });
  return caller;
}

function asPerson(caller: Caller, person: Person, requirement: Requirement, call: Call): Caller {
  const { anyOf, scopes = [], accessScope } = requirement;
  if (person.accessScopes) {
    if (accessScope === undefined || !person.accessScopes.includes(accessScope))
      throw refuse('forbidden', { detail: 'this access token is not for this call' });
  } else if (person.scope !== 'full' && !scopes.includes(person.scope))
    throw refuse('forbidden', { detail: `a session of scope ${person.scope} does not reach so far` });
  if (anyOf.includes('session') && person.session) return caller;
  const isSelf = call.user === undefined || call.user === person.user;
  if (anyOf.includes('self') && isSelf) return caller;
  if (person.accessScopes || !meets(holdings(person.roles), requirement)) throw lacking(requirement);
  if (!person.secondStep) throw stepUp('second-step');
  return { ...caller, actor: { kind: 'administrator', id: person.user } };
}

function requireFresh({ firstAt, secondAt, twoStep, scope }: Person, now: number): void {
  const isFresh = (at: number | undefined) => at !== undefined && now - at <= FRESH_MS;
  // a session for replacing factors was opened by a recovery code and is short: nothing else could be shown in it
  const isShort = scope === 'factors';
  const missing = [
    ...(isFresh(firstAt) || (isShort && isFresh(secondAt)) ? [] : (['password'] as const)),
    ...(!twoStep || isShort || isFresh(secondAt) ? [] : (['second-step'] as const)),
  ];
  if (missing.length > 0) throw stepUp(...missing);
}

/** RFC 9470: what the session lacks, and how fresh it has to be. */
function stepUp(...missing: ('password' | 'second-step')[]): Refusal {
  const acrValues = missing.includes('second-step') ? { acrValues: ACR.second } : {};
  return refuse('step-up-required', { ...acrValues, maxAge: FRESH_MS / 1_000, missing });
}
