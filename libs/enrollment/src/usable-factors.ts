import { countsFor, type User } from '@sparekey/contracts';
import { factorMethod } from '@sparekey/factors';
import type { EnrollmentRoom } from './enrollment.room.ts';

/** Ids of the second factors that would pass a sign-in now: confirmed, allowed by the policy, and not suspended. */
export async function usableFactors(
  room: EnrollmentRoom,
  domain: string,
  user: string,
  { factors }: User,
): Promise<string[]> {
  const [{ policy }, { suspended }] = await Promise.all([
    room.domain(domain),
    room.guards.ledger(domain, user),
  ]);
  return factors
    .filter(
      ({ confirmed, kind, factorId, parameters }) =>
        confirmed &&
        factorMethod(kind)?.isSecondFactor &&
        countsFor(policy, kind, 'sign-in', parameters) &&
        !suspended.includes(factorId),
    )
    .map(({ factorId }) => factorId);
}
