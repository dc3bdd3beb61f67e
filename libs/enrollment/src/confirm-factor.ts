import { refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { factorKind } from '@sparekey/factors';
import { requireClock } from '@sparekey/platform';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { findFactor, userDecider } from './user.ts';

/**
 * The code proves that the secret has arrived; it is spent by it.
 *
 * @throws Refusal `code-rejected` with `attemptsLeft` · `validation-failed` where it can be no code, and costs no try
 */
export async function confirmFactor(
  room: EnrollmentRoom,
  origin: Origin,
  factorId: string,
  typed: string,
  sessionId?: string,
): Promise<void> {
  const { domain, subject: user = '' } = origin;
  requireClock(room.ports.clock);
  const { policy } = await room.domain(domain);
  const { events } = await room.changeUser(origin, async ({ state, at }) => {
    const factor = findFactor(state, factorId, at);
    const kind = factorKind(factor.kind);
    const settings = policy.factors[factor.kind as keyof typeof policy.factors];
    if (!kind || !settings) throw refuse('not-found', { detail: 'there is no such factor' });
    const code = kind.read(typed, factor.parameters);
    if (code === undefined)
      throw refuse('validation-failed', {
        errors: [{ field: 'code', message: 'can be no code of this factor' }],
      });
    const secret = await room.open(domain, user, 'factor', factor.secret, 'secret');
    const checked = kind.check({
      settings,
      parameters: factor.parameters,
      secret,
      code,
      now: at,
      afterStep: undefined,
    });
    return userDecider.decide(
      { type: 'ConfirmFactor', factorId, checked, ...(sessionId !== undefined && { sessionId }), at },
      state,
    );
  });
  for (const event of events) {
    if (event.type === 'FactorConfirmationRejected') {
      throw refuse('code-rejected', { attemptsLeft: event.data.attemptsLeft });
    }
  }
}
