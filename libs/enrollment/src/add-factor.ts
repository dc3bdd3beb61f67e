import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { FACTORS, type FactorType } from '@sparekey/factors';
import type { EnrollmentRoom } from './enrollment.room.ts';
import type { Contacts } from './put-user.ts';
import { userDecider } from './user.ts';

export interface AddFactor {
  readonly type: FactorType;
  readonly name?: string;
}

/** What the person is shown once; whoever loses it adds the factor anew. */
export interface AddedFactor {
  readonly factorId: string;
  readonly status: 'pending';
  readonly [shown: string]: string;
}

export async function addFactor(
  room: EnrollmentRoom,
  origin: Origin,
  { type, name }: AddFactor,
): Promise<AddedFactor> {
  const { domain, subject: user = '' } = origin;
  const { random } = room.ports;
  const { policy, displayName = domain } = await room.domain(domain);
  const settings = policy.factors[type];
  if (!settings.enabled) throw refuse('policy-refused', { detail: `this domain does not enrol ${type}` });
  const kind = FACTORS[type];
  const { contacts } = await room.user(domain, user);
  const { emails } = JSON.parse(await room.open(domain, user, 'contact', contacts!, 'contacts')) as Contacts;
  const { secret, parameters, shown } = kind.enrol({
    settings,
    randomBytes: random.bytes(kind.secretBytes),
    issuer: displayName,
    account: emails[0] ?? user,
  });
  const factorId = random.uuid();
  await room.changeUser(origin, async ({ state, at, eventId }) => {
    const sealed = await room.seal(domain, user, 'factor', secret, eventId(0), 'secret');
    const sealedName =
      name === undefined ? {} : { name: await room.seal(domain, user, 'contact', name, eventId(0), 'name') };
    const command = {
      type: 'AddFactor',
      factorId,
      kind: type,
      ...sealedName,
      secret: sealed,
      settings: parameters,
    } as const;
    return userDecider.decide({ ...command, maxFactors: policy.maxFactors, at }, state);
  });
  return { factorId, status: 'pending', ...shown };
}
