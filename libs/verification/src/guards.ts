import {
  codec,
  codesStream,
  domainStream,
  enrollmentDeadline,
  factorsStream,
  isUsableKind,
  type CodesFact,
  type FactorsFact,
  type Policy,
  type Purpose,
} from '@sparekey/contracts';
import { FoldCache, hasMoved, type Envelope, type EventStore } from '@sparekey/event-sourcing';
import type { Parameters } from '@sparekey/factors';
import type { DomainReader, DomainView } from '@sparekey/platform';
import type { Challenge } from './challenges.ts';
import type { Spent } from './spent.ts';
import type { GuardRevisions } from './verification.ts';

/** A sealed value and the id of the event it was sealed into. */
export interface SealedAt {
  readonly value: string;
  readonly eventId: string;
}

export interface FactorView {
  readonly factorId: string;
  readonly kind: string;
  readonly name: SealedAt | undefined;
  readonly secret: SealedAt;
  readonly parameters: Parameters;
  readonly confirmed: boolean;
  /** The time step that confirmed it: spent. */
  readonly confirmedStep: number | undefined;
  /** When it dies unless it is confirmed. */
  readonly expiresAt: number;
}

/** What enrollment says of a user. */
export interface UserView {
  readonly known: boolean;
  readonly factors: Readonly<Record<string, FactorView>>;
  readonly defaultFactor: string | undefined;
  readonly twoStep: boolean;
  readonly epoch: number;
  /** Unix milliseconds. */
  readonly registeredAt: number;
  /** Sign-ins for which two-step verification was put off, newest last. */
  readonly skips: readonly { readonly service?: string; readonly signInId: string; readonly at: number }[];
}

/** The set of recovery codes that counts. */
export interface CodesView {
  readonly batchId: string;
  readonly epoch: number;
  readonly total: number;
  readonly digests: SealedAt;
}

const unknownUser: UserView = {
  known: false,
  factors: {},
  defaultFactor: undefined,
  twoStep: false,
  epoch: 0,
  registeredAt: 0,
  skips: [],
};

/** How long a sign-in that was let go on without a second step may take to go on, in milliseconds. */
const SKIP_MS = 3_600_000;
const SKIPS = 20;

function evolveUser(user: UserView, envelope: Envelope): UserView {
  const event = envelope as FactorsFact & { id: string; time: number };
  switch (event.type) {
    case 'UserRegistered':
      return { ...user, known: true, registeredAt: event.time };
    case 'FactorAdded': {
      const { factorId, kind, name, secret, settings, expiresAt } = event.data;
      const sealed = (value: string) => ({ value, eventId: event.id });
      const factor = {
        factorId,
        kind,
        secret: sealed(secret),
        name: name === undefined ? undefined : sealed(name),
      };
      const added = {
        ...factor,
        parameters: settings,
        confirmed: false,
        confirmedStep: undefined,
        expiresAt,
      };
      const kept = Object.entries(user.factors).filter(
        ([, other]) => other.confirmed || other.expiresAt > event.time,
      );
      return { ...user, factors: { ...Object.fromEntries(kept), [factorId]: added } };
    }
    case 'FactorConfirmed': {
      const { factorId, step } = event.data;
      const confirmed = change(user, factorId, { confirmed: true, confirmedStep: step });
      return { ...confirmed, defaultFactor: user.defaultFactor ?? factorId };
    }
    case 'FactorRenamed':
      return change(user, event.data.factorId, { name: { value: event.data.name, eventId: event.id } });
    case 'DefaultFactorChosen':
      return { ...user, defaultFactor: event.data.factorId };
    case 'FactorRemoved': {
      const { [event.data.factorId]: _gone, ...factors } = user.factors;
      const next = Object.values(factors).find(({ confirmed }) => confirmed)?.factorId;
      return {
        ...user,
        factors,
        defaultFactor: user.defaultFactor === event.data.factorId ? next : user.defaultFactor,
      };
    }
    case 'TwoStepSkipped': {
      const skip = { ...event.data, at: event.time };
      return { ...user, skips: [...user.skips, skip].slice(-SKIPS) };
    }
    case 'TwoStepEnabled':
      return { ...user, twoStep: true };
    case 'TwoStepDisabled':
      return { ...user, twoStep: false, epoch: event.data.epoch };
    default:
      return user;
  }
}

function change(user: UserView, factorId: string, news: Partial<FactorView>): UserView {
  const factor = user.factors[factorId];
  return factor ? { ...user, factors: { ...user.factors, [factorId]: { ...factor, ...news } } } : user;
}

function evolveCodes(codes: CodesView | undefined, envelope: Envelope): CodesView | undefined {
  const event = envelope as CodesFact & { id: string };
  if (event.type === 'RecoveryCodesRevoked' && event.data.batchId === codes?.batchId) return undefined;
  if (event.type !== 'RecoveryCodesGenerated') return codes;
  const { batchId, epoch, total, digests } = event.data;
  return { batchId, epoch, total, digests: { value: digests, eventId: event.id } };
}

/** What a decision about a user rests on, all of it read to the end of its streams. */
export interface Guard {
  readonly domain: DomainView;
  readonly user: UserView;
  readonly codes: CodesView | undefined;
  readonly revisions: GuardRevisions;
}

/** What this room reads of enrollment's and recovery's streams. */
export class Guards {
  readonly #store: EventStore;
  readonly #domains: DomainReader;
  readonly #users: FoldCache<UserView>;
  readonly #codes: FoldCache<CodesView | undefined>;

  constructor(store: EventStore, domains: DomainReader) {
    this.#store = store;
    this.#domains = domains;
    this.#users = new FoldCache<UserView>(store, codec, {
      initialState: () => unknownUser,
      evolve: evolveUser,
    });
    this.#codes = new FoldCache<CodesView | undefined>(store, codec, {
      initialState: () => undefined,
      evolve: evolveCodes,
    });
  }

  async load(domain: string, user: string): Promise<Guard> {
    const [ofDomain, ofUser, ofCodes] = await Promise.all([
      this.#domains.load(domain),
      this.#users.load(factorsStream(domain, user)),
      this.#codes.load(codesStream(domain, user)),
    ]);
    return {
      domain: ofDomain.state,
      user: ofUser.state,
      codes: ofCodes.state,
      revisions: { domain: ofDomain.revision, factors: ofUser.revision, codes: ofCodes.revision },
    };
  }

  /** Whether anything was said in these streams since. */
  async moved(domain: string, user: string, seen: GuardRevisions): Promise<boolean> {
    const [ofDomain, ofUser, ofCodes] = await Promise.all([
      hasMoved(this.#store, domainStream(domain), seen.domain),
      hasMoved(this.#store, factorsStream(domain, user), seen.factors),
      hasMoved(this.#store, codesStream(domain, user), seen.codes),
    ]);
    return ofDomain || ofUser || ofCodes;
  }
}

/** Whether the user put two-step verification off for just this sign-in of just this service, and still may. */
export function isSkipped(
  { user, domain }: Guard,
  {
    purpose,
    service,
    signInId,
  }: { readonly purpose: Purpose; readonly service: string; readonly signInId?: string },
  at: number,
): boolean {
  if (user.twoStep || purpose !== 'sign-in' || signInId === undefined) return false;
  if (!(at < enrollmentDeadline(domain.policy, user.registeredAt))) return false;
  return user.skips.some(
    (skip) => skip.service === service && skip.signInId === signInId && at - skip.at <= SKIP_MS,
  );
}

/** Confirmed, of a kind that there is, and allowed by the policy. */
export function isUsable(factor: FactorView | undefined, policy: Policy): factor is FactorView {
  return factor?.confirmed === true && isUsableKind(policy, factor.kind);
}

/** The codes, where they belong to the user's epoch. */
export function livingCodes({ user, codes }: Guard): CodesView | undefined {
  return codes?.epoch === user.epoch ? codes : undefined;
}

/** Whether the service that asked is registered as it was, with the address that the challenge is to return to. */
export function isServed({ domain }: Guard, { service, openedAt, hosted }: Challenge): boolean {
  const registered = domain.services.get(service);
  if (!registered || openedAt < registered.since) return false; // of an earlier registration
  return hosted === undefined || registered.returnUrls.includes(hosted.returnUrl);
}

/** Whether what a pass spent still counts: the second look. */
export function stillHolds(guard: Guard, challenge: Challenge, spent: Spent): boolean {
  const { user, domain } = guard;
  if (!user.known || !user.twoStep || user.epoch !== challenge.epoch) return false;
  if (!isServed(guard, challenge)) return false;
  if (spent.method === 'recovery-code') return livingCodes(guard)?.batchId === spent.batchId;
  return isUsable(user.factors[spent.factorId], domain.policy);
}
