import {
  codec,
  codesFold,
  codesStream,
  domainStream,
  enrollmentDeadline,
  factorsStream,
  userFold,
  type CodeSet,
  type Purpose,
  type User,
} from '@sparekey/contracts';
import { hasMoved, type EventStore } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';
import type { DomainReader } from '@sparekey/platform';
import type { Challenge } from './challenges.ts';
import type { Guard, GuardRevisions } from './guard.ts';
import { isStillHeld } from './held.ts';
import type { Proof } from './proof.ts';

/** How long a sign-in that was let go on without a second step may take to go on, in milliseconds. */
const SKIP_MS = 3_600_000;

/** What this room reads of enrollment's and recovery's streams. */
export class Guards {
  readonly #store: EventStore;
  readonly #domains: DomainReader;
  readonly #users: FoldCache<User>;
  readonly #codes: FoldCache<CodeSet | undefined>;

  constructor(store: EventStore, domains: DomainReader) {
    this.#store = store;
    this.#domains = domains;
    this.#users = new FoldCache(store, codec, userFold);
    this.#codes = new FoldCache(store, codec, codesFold);
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

/** Whether the service that asked is registered as it was, with the address that the challenge is to return to. */
export function isServed({ domain }: Guard, { service, openedAt, hosted }: Challenge): boolean {
  const registered = domain.services.get(service);
  if (!registered || openedAt < registered.since) return false; // of an earlier registration
  return hosted === undefined || registered.returnUrls.includes(hosted.returnUrl);
}

/** Whether what a pass rests on still counts, asked once more after it. */
export function stillHolds(guard: Guard, challenge: Challenge, proof: Proof): boolean {
  const { user } = guard;
  const isOn = user.twoStep || challenge.purpose === 'account-recovery';
  if (!user.contacts || !isOn || user.epoch !== challenge.epoch) return false;
  return isServed(guard, challenge) && isStillHeld(guard, proof, challenge.purpose);
}
