import { refuse, settingsOf } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import {
  factorMethod,
  FACTORS,
  type CodeDelivery,
  type FactorKind,
  type Fields,
  type FactorType,
} from '@sparekey/factors';
import { ceremonyOf } from '@sparekey/platform';
import { accountName } from './account-name.ts';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { userDecider } from './user.ts';

export interface AddFactor {
  readonly type: FactorType;
  readonly name?: string;
  /** What the kind's descriptor says that adding one takes. */
  readonly body: Fields;
}

/** What the person is shown once; whoever loses it adds the factor anew. */
export interface AddedFactor extends Fields {
  readonly factorId: string;
  readonly status: 'pending';
}

export async function addFactor(
  room: EnrollmentRoom,
  origin: Origin,
  { type, name, body }: AddFactor,
): Promise<AddedFactor> {
  const { domain, subject: user = '' } = origin;
  const { random } = room.ports;
  const { policy, displayName = domain } = await room.domain(domain);
  const settings = settingsOf(policy, type);
  if (!settings?.enabled) throw refuse('policy-refused', { detail: `this domain does not enrol ${type}` });
  const kind: FactorKind = await FACTORS[type].load();
  const { secret, expected, deliver, parameters, shown } = await kind.enrol(
    {
      settings,
      body,
      randomBytes: random.bytes(kind.secretBytes),
      issuer: displayName,
      account: await accountName(room, domain, user),
      held: () => room.heldOf(domain, user, type),
      ...ceremonyOf(room.publicUrl, room.ports.blindIndex, { domain, user }),
    },
    room.toolsFor(origin),
  );
  const factorId = random.uuid();
  await room.changeUser(origin, async ({ state, at, eventId }) => {
    const seal = async (sealClass: 'factor' | 'contact', field: string, text: string | undefined) =>
      text === undefined
        ? {}
        : { [field]: await room.seal(domain, user, sealClass, text, eventId(0), field) };
    const command = {
      type: 'AddFactor',
      factorId,
      kind: type,
      ...(await seal('contact', 'name', name)),
      ...(await seal('factor', 'secret', secret)),
      ...(await seal('factor', 'expected', expected)),
      ...(deliver && { deliver: await sealDelivery(room, origin, type, deliver, eventId(1)) }),
      settings: parameters,
    } as const;
    return userDecider.decide({ ...command, maxFactors: policy.maxFactors, at }, state);
  });
  return { factorId, status: 'pending', ...shown };
}

async function sealDelivery(
  room: EnrollmentRoom,
  { domain, subject: user = '' }: Origin,
  type: FactorType,
  { to, code, seconds }: CodeDelivery,
  eventId: string,
) {
  const channel = factorMethod(type)!.deliversBy!;
  const text = JSON.stringify({ to, code });
  return { channel, delivery: await room.seal(domain, user, 'message', text, eventId, 'delivery'), seconds };
}
