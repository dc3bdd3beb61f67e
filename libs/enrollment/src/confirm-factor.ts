import { refuse, settingsOf, type Factor, type SealedAt } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { factorMethod, type Confirmed, type Fields } from '@sparekey/factors';
import { requireClock } from '@sparekey/platform';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { claimForFactor } from './factor-claims.ts';
import { findFactor, userDecider } from './user.ts';

export interface ConfirmForm {
  readonly fields: Fields;
  /** @throws Refusal `validation-failed` where the fields are not what this kind takes */
  readonly requireFor: (kind: string) => void;
}

/**
 * A right answer proves that the person has it; it is used up by that.
 *
 * @param form what was sent: whether it is of the factor's own kind is known when the factor is
 * @returns what it is called, where it has a name
 * @throws Refusal `code-rejected` with `attemptsLeft` · `validation-failed` where it can be no answer, and costs no try ·
 *   `already-exists` where it is confirmed, or somebody else's
 */
export async function confirmFactor(
  room: EnrollmentRoom,
  origin: Origin,
  factorId: string,
  form: ConfirmForm,
  sessionId?: string,
): Promise<string | undefined> {
  const { domain, subject: user = '' } = origin;
  requireClock(room.ports.clock);
  const { events, state } = await room.changeUser(origin, async ({ state, at, eventId }) => {
    const factor = findFactor(state, factorId, at);
    const confirmed = await check(room, origin, factor, form, at);
    if (confirmed.outcome === 'malformed')
      throw refuse('validation-failed', {
        errors: [{ field: confirmed.field, message: 'can be no answer of this kind of factor' }],
      });
    const command = {
      type: 'ConfirmFactor',
      factorId,
      at,
      ...(sessionId !== undefined && { sessionId }),
    } as const;
    if (confirmed.outcome === 'rejected') return userDecider.decide({ ...command, isRight: false }, state);
    if (factor.confirmed) throw refuse('already-exists'); // before anything is claimed
    const { consumes, secret, parameters, claim, name } = confirmed;
    const digest = claim === undefined ? {} : { claim: await claimForFactor(room, origin, factor, claim) };
    const sealed =
      secret === undefined
        ? {}
        : { secret: await room.seal(domain, user, 'factor', secret, eventId(0), 'secret') };
    const step = 'through' in consumes ? { step: consumes.through } : {};
    const proposed =
      name === undefined || factor.name
        ? {}
        : { name: await room.seal(domain, user, 'contact', name, eventId(0), 'name') };
    const known = { ...step, ...sealed, ...digest, ...proposed, ...(parameters && { parameters }) };
    return userDecider.decide({ ...command, isRight: true, ...known }, state);
  });
  for (const event of events) {
    if (event.type === 'FactorConfirmationRejected') {
      throw refuse('code-rejected', { attemptsLeft: event.data.attemptsLeft });
    }
  }
  const name = state.factors.find((factor) => factor.factorId === factorId)?.name;
  return name && room.open(domain, user, 'contact', name, 'name');
}

async function check(
  room: EnrollmentRoom,
  origin: Origin,
  { kind: type, parameters, secret, expected }: Factor,
  form: ConfirmForm,
  now: number,
): Promise<Confirmed> {
  const { domain, subject: user = '' } = origin;
  const { policy } = await room.domain(domain);
  const method = factorMethod(type);
  const settings = settingsOf(policy, type);
  if (!method || !settings) throw refuse('not-found', { detail: 'there is no such factor' });
  form.requireFor(type);
  const open = (sealed: SealedAt | undefined, field: string) =>
    sealed && room.open(domain, user, 'factor', sealed, field);
  const input = {
    settings,
    parameters,
    secret: await open(secret, 'secret'),
    expected: await open(expected, 'expected'),
    answer: form.fields,
    now,
  };
  return (await method.load()).confirm(input, room.toolsFor(origin));
}
