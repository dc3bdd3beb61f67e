import type { Envelope, Fold } from '@sparekey/event-sourcing';
import { methodOf, type Parameters } from '@sparekey/factors';
import type { FactorsFact } from './enrollment-events.ts';
import type { SealedAt } from './event.ts';

/** Tries that a factor has to be confirmed: it protects nothing yet, so few are enough (NIST SP 800-63B-4 §3.2.2 wants a bound). */
export const CONFIRM_ATTEMPTS = 5;

export interface Factor {
  readonly factorId: string;
  readonly kind: string;
  readonly name: SealedAt | undefined;
  /** Nothing while it is known only when the factor is confirmed. */
  readonly secret: SealedAt | undefined;
  /** What confirming it is compared with, where the kind has that. */
  readonly expected: SealedAt | undefined;
  readonly parameters: Parameters;
  readonly confirmed: boolean;
  /** Up to where confirming it has used it up: a time step, a counter. */
  readonly consumedThrough: number | undefined;
  /** The digest under which it is held once in all, where its kind is so. */
  readonly claim: string | undefined;
  /** The session in which it was confirmed, where it was one and two-step verification was off. */
  readonly confirmedIn: string | undefined;
  /** Confirmed by more than a password: with two-step verification on, by a service, or in the session that put it on. */
  readonly trusted: boolean;
  readonly addedAt: number;
  /** When it dies unless it is confirmed (Unix milliseconds). */
  readonly expiresAt: number;
  readonly attemptsLeft: number;
}

/** A user of a domain as enrollment's stream has them: for the room that writes it, and for every reader. */
export interface User {
  /** Nothing where there is no such user. */
  readonly contacts: SealedAt | undefined;
  /** Unix milliseconds. */
  readonly registeredAt: number;
  readonly factors: readonly Factor[];
  /** Which the person chose to be asked for first. */
  readonly defaultFactor: string | undefined;
  readonly twoStep: boolean;
  /** The session in which it went on, where it was one. */
  readonly enabledIn: string | undefined;
  /** What was made under another epoch is dead. */
  readonly epoch: number;
  /** Sign-ins for which two-step verification was put off, the newest last. */
  readonly skips: readonly { readonly service?: string; readonly signInId: string; readonly at: number }[];
}

const SKIPS = 20;

/** Confirmed, or pending and neither expired nor guessed to death. */
export const isAlive = (factor: Factor, at: number): boolean =>
  factor.confirmed || (factor.expiresAt > at && factor.attemptsLeft > 0);

type Said = FactorsFact & { readonly id?: string; readonly time: number };
type Of<Type extends FactorsFact['type']> = Extract<Said, { type: Type }>;

const sealedIn = ({ id = '' }: { readonly id?: string }, value: string | undefined): SealedAt | undefined =>
  value === undefined ? undefined : { value, eventId: id };

export function evolveUser(user: User, event: Said): User {
  switch (event.type) {
    case 'UserRegistered':
      return { ...user, contacts: sealedIn(event, event.data.contacts), registeredAt: event.time };
    case 'ContactsChanged':
      return { ...user, contacts: sealedIn(event, event.data.contacts) };
    case 'FactorAdded':
      return added(user, event);
    case 'FactorConfirmed':
      return confirmed(user, event);
    case 'FactorConfirmationRejected':
      return change(user, event.data.factorId, { attemptsLeft: event.data.attemptsLeft });
    case 'FactorRenamed':
      return change(user, event.data.factorId, { name: sealedIn(event, event.data.name) });
    case 'DefaultFactorChosen':
      return { ...user, defaultFactor: event.data.factorId };
    case 'FactorRemoved':
      return removed(user, event.data.factorId);
    case 'TwoStepSkipped':
      return { ...user, skips: [...user.skips, { ...event.data, at: event.time }].slice(-SKIPS) };
    case 'TwoStepEnabled': {
      const factors = user.factors.map((factor) => ({ ...factor, trusted: factor.confirmed }));
      return { ...user, twoStep: true, enabledIn: event.data.sessionId, factors };
    }
    case 'TwoStepDisabled':
      return { ...user, twoStep: false, enabledIn: undefined, epoch: event.data.epoch };
    default:
      return user;
  }
}

function added(user: User, event: Of<'FactorAdded'>): User {
  const { factorId, kind, name, secret, expected, settings, expiresAt } = event.data;
  const factor: Factor = {
    factorId,
    kind,
    name: sealedIn(event, name),
    secret: sealedIn(event, secret),
    expected: sealedIn(event, expected),
    parameters: settings,
    confirmed: false,
    consumedThrough: undefined,
    claim: undefined,
    confirmedIn: undefined,
    trusted: false,
    addedAt: event.time,
    expiresAt,
    attemptsLeft: CONFIRM_ATTEMPTS,
  };
  // those that died unconfirmed are forgotten here, so that the state stays small
  const kept = user.factors.filter((other) => isAlive(other, event.time));
  return { ...user, factors: [...kept, factor] };
}

function confirmed(user: User, event: Of<'FactorConfirmed'>): User {
  const { factorId, name, step, secret, parameters, claim, sessionId } = event.data;
  return change(user, factorId, {
    confirmed: true,
    expected: undefined,
    consumedThrough: step,
    claim,
    // with two-step verification on, confirming another factor is no second step of that session
    confirmedIn: user.twoStep ? undefined : sessionId,
    trusted: user.twoStep || sessionId === undefined,
    ...(secret !== undefined && { secret: sealedIn(event, secret) }),
    ...(parameters && { parameters }),
    ...(name !== undefined && { name: sealedIn(event, name) }),
  });
}

function removed(user: User, factorId: string): User {
  const factors = user.factors.filter((factor) => factor.factorId !== factorId);
  const defaultFactor = user.defaultFactor === factorId ? undefined : user.defaultFactor;
  return { ...user, factors, defaultFactor };
}

function change(user: User, factorId: string, news: Partial<Factor>): User {
  const factors = user.factors.map((factor) =>
    factor.factorId === factorId ? { ...factor, ...news } : factor,
  );
  return { ...user, factors };
}

/** The order of what may be asked for: what resists more, then what was used last. */
export function strongestFirst(
  a: { readonly method: string; readonly lastUsedAt: number },
  b: { readonly method: string; readonly lastUsedAt: number },
): number {
  const strengthOf = ({ method }: { readonly method: string }) => methodOf(method)?.strength ?? 0;
  return strengthOf(b) - strengthOf(a) || b.lastUsedAt - a.lastUsedAt;
}

/** What was used, or added, within so long is at hand. */
const RECENTLY_MS = 30 * 86_400_000;

/**
 * What is asked for first: the person's own choice, else the strongest of what was used recently, else the strongest.
 *
 * @param offered the strongest first
 */
export const preferredOf = <
  Offer extends { readonly holder: string; readonly addedAt: number; readonly lastUsedAt: number },
>(
  offered: readonly Offer[],
  chosen: string | undefined,
  at: number,
): Offer | undefined =>
  offered.find(({ holder }) => holder === chosen) ??
  offered.find(({ addedAt, lastUsedAt }) => at - Math.max(addedAt, lastUsedAt) < RECENTLY_MS) ??
  offered[0];

export const userFold: Fold<User> = {
  initialState: () => ({
    contacts: undefined,
    registeredAt: 0,
    factors: [],
    defaultFactor: undefined,
    twoStep: false,
    enabledIn: undefined,
    epoch: 0,
    skips: [],
  }),
  evolve: (user, envelope: Envelope) => evolveUser(user, envelope as unknown as Said),
};
