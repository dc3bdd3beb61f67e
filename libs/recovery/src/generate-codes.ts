import { refuse } from '@sparekey/contracts';
import { askerOf, type Origin } from '@sparekey/event-sourcing';
import { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from '@sparekey/factors';
import { codesDecider } from './codes.ts';
import type { RecoveryRoom } from './recovery.room.ts';

/** A new set, shown here and never again; the set before it is dead when this resolves. */
export async function generateCodes(
  room: RecoveryRoom,
  origin: Origin,
  sessionId?: string,
): Promise<{ batchId: string; codes: string[] }> {
  const { domain, subject: user = '' } = origin;
  const { random, slowHash, vault } = room.ports;
  const before = await room.guards.standing(domain, user); // before the work: unknown users cost nothing
  const { policy } = (await room.domains.load(domain)).state;
  const total = policy.recoveryCodes.count;
  const codes = Array.from({ length: total }, (_, n) =>
    formatRecoveryCode(n + 1, random.bytes(RECOVERY_CODE_BYTES)),
  );
  const digests = await Promise.all(
    codes.map((code) => slowHash.digest(parseRecoveryCode(code)!.symbols, askerOf(origin))),
  );
  const batchId = random.uuid();
  const inSession = sessionId === undefined ? {} : { sessionId };
  await room.changeCodes(origin, async ({ state, eventId }) => {
    const { epoch, twoStep } = await room.guards.standing(domain, user);
    // who asked was let in under what stood then
    if (epoch !== before.epoch || twoStep !== before.twoStep) throw refuse('busy', { retryAfter: 1 });
    const context = { eventId: eventId(0), field: 'digests' };
    const sealed = await vault.seal({ domain, user }, 'codes', JSON.stringify(digests), context);
    return codesDecider.decide(
      { type: 'GenerateCodes', batchId, total, digests: sealed, epoch, ...inSession },
      state,
    );
  });
  return { batchId, codes };
}
