import { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { codesDecider } from './codes.ts';
import type { RecoveryRoom } from './recovery.room.ts';

/** A new set, shown here and never again; the set before it is dead when this resolves. */
export async function generateCodes(
  room: RecoveryRoom,
  origin: Origin,
): Promise<{ batchId: string; codes: string[] }> {
  const { domain, subject: user = '' } = origin;
  const { random, slowHash, vault } = room.ports;
  await room.guards.epoch(domain, user); // before the work: unknown users cost nothing
  const { policy } = (await room.domains.load(domain)).state;
  const total = policy.recoveryCodes.count;
  const codes = Array.from({ length: total }, (_, n) =>
    formatRecoveryCode(n + 1, random.bytes(RECOVERY_CODE_BYTES)),
  );
  const digests = await Promise.all(codes.map((code) => slowHash.digest(parseRecoveryCode(code)!.symbols)));
  const batchId = random.uuid();
  await room.changeCodes(origin, async ({ state, eventId }) => {
    const epoch = await room.guards.epoch(domain, user);
    const context = { eventId: eventId(0), field: 'digests' };
    const sealed = await vault.seal({ domain, user }, 'codes', JSON.stringify(digests), context);
    return codesDecider.decide({ type: 'GenerateCodes', batchId, total, digests: sealed, epoch }, state);
  });
  return { batchId, codes };
}
