import { isUsableKind } from '@sparekey/contracts';
import type { EnrollmentRoom } from './enrollment.room.ts';
import type { User } from './user.ts';

/** Ids of the factors that would pass a challenge now: confirmed, allowed by the policy, and not suspended. */
export async function usableFactors(
  room: EnrollmentRoom,
  domain: string,
  user: string,
  { factors }: User,
): Promise<string[]> {
  const [{ policy }, { suspended = [] }] = await Promise.all([
    room.domain(domain),
    room.guards.ledger(domain, user),
  ]);
  return factors
    .filter(
      ({ confirmed, kind, factorId }) =>
        confirmed && isUsableKind(policy, kind) && !suspended.includes(factorId),
    )
    .map(({ factorId }) => factorId);
}
