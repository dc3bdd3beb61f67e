import { codesStream, refuse } from '@sparekey/contracts';
import type { RecoveryRoom } from './recovery.room.ts';

/** How many codes of the living set are left; never the codes. */
export async function showCodes(room: RecoveryRoom, domain: string, user: string) {
  const epoch = await room.guards.epoch(domain, user);
  const { state: set } = await room.codes.load(codesStream(domain, user));
  if (!set || set.epoch !== epoch) throw refuse('not-found', { detail: 'there is no set of recovery codes' });
  const spent = await room.guards.spent(domain, user, set.batchId);
  return {
    batchId: set.batchId,
    total: set.total,
    remaining: set.total - spent.length,
    generatedAt: new Date(set.generatedAt).toISOString(),
    saved: set.saved,
  };
}
