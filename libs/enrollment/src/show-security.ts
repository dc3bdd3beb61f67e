import {
  enrollmentDeadline,
  isAlive,
  settingsOf,
  preferredOf,
  strongestFirst,
  type Factor,
  type Ledger,
  type Policy,
} from '@sparekey/contracts';
import { factorMethod, factorTypes } from '@sparekey/factors';
import { usableFactors } from './usable-factors.ts';
import type { EnrollmentRoom } from './enrollment.room.ts';

/** What becomes of a factor. */
export const FACTOR_STATUSES = ['pending', 'confirmed', 'suspended'] as const;

/** What a person may lack before they are safe from being locked out. */
export const MISSING = ['factor', 'recovery-codes', 'two-step'] as const;

const iso = (time: number) => new Date(time).toISOString();

/** Suspended: after too many failures, or because its owner said that it was not theirs. The help desk gives it back (`unlock`). */
const statusOf = (
  { confirmed }: Factor,
  isSuspended: boolean,
): { status: (typeof FACTOR_STATUSES)[number]; restoredBy?: 'help-desk' } =>
  isSuspended
    ? { status: 'suspended', restoredBy: 'help-desk' }
    : { status: confirmed ? 'confirmed' : 'pending' };

/** The one that is asked for first. */
function askedFirst(
  usable: readonly Factor[],
  chosen: string | undefined,
  { lastUsed }: Ledger,
  at: number,
): Factor | undefined {
  const offered = usable.map((factor) => ({
    factor,
    method: factor.kind,
    holder: factor.factorId,
    addedAt: factor.addedAt,
    lastUsedAt: lastUsed[factor.factorId] ?? 0,
  }));
  return preferredOf(offered.toSorted(strongestFirst), chosen, at)?.factor;
}

/** What the policy lets people add, the strongest first. */
const enrollable = (policy: Policy) =>
  factorTypes()
    .filter((type) => settingsOf(policy, type)?.enabled)
    .toSorted((a, b) => factorMethod(b)!.strength - factorMethod(a)!.strength);

/** What is on, what is left, and what is missing before the person is safe from being locked out. */
export async function showSecurity(room: EnrollmentRoom, domain: string, user: string) {
  const [{ policy }, state, set, ledger] = await Promise.all([
    room.domain(domain),
    room.user(domain, user),
    room.guards.codes(domain, user),
    room.guards.ledger(domain, user),
  ]);
  const deadline = enrollmentDeadline(policy, state.registeredAt);
  const now = room.ports.clock.now();
  const alive = state.factors.filter((factor) => isAlive(factor, now));
  const isSuspended = ({ factorId }: Factor) => ledger.suspended.includes(factorId);
  const passing = await usableFactors(room, domain, user, state);
  const usable = alive.filter(({ factorId }) => passing.includes(factorId));
  const preferred = askedFirst(usable, state.defaultFactor, ledger, now);
  const show = async (factor: Factor) => {
    const lastUsed = ledger.lastUsed[factor.factorId];
    return {
      factorId: factor.factorId,
      type: factor.kind,
      ...(factor.name && { name: await room.open(domain, user, 'contact', factor.name, 'name') }),
      ...statusOf(factor, isSuspended(factor)),
      default: factor === preferred,
      addedAt: iso(factor.addedAt),
      ...(lastUsed !== undefined && { lastUsedAt: iso(lastUsed) }),
    };
  };
  const codes = set && set.epoch === state.epoch ? set : undefined;
  const spent = codes ? (ledger.consumed[codes.batchId]?.items?.length ?? 0) : 0;
  const missing: (typeof MISSING)[number][] = [
    ...(usable.length > 0 ? [] : (['factor'] as const)),
    ...(codes?.saved && codes.total > spent ? [] : (['recovery-codes'] as const)),
    ...(state.twoStep ? [] : (['two-step'] as const)),
  ];
  return {
    userId: user,
    twoStep: {
      enabled: state.twoStep,
      required: deadline <= now,
      ...(deadline > 0 && deadline < Infinity && { deadline: iso(deadline) }),
    },
    factors: await Promise.all(alive.map(show)),
    recoveryCodes: codes
      ? {
          batchId: codes.batchId,
          total: codes.total,
          remaining: codes.total - spent,
          generatedAt: iso(codes.generatedAt),
          saved: codes.saved,
        }
      : null,
    enrollable:
      alive.filter(({ confirmed }) => confirmed).length < policy.maxFactors ? enrollable(policy) : [],
    missing,
  };
}
