import type { Origin } from '@sparekey/event-sourcing';
import { codesDecider } from './codes.ts';
import type { RecoveryRoom } from './recovery.room.ts';

/** The person says that they have put their codes in a safe place; two-step verification waits for it. */
export async function confirmSaved(room: RecoveryRoom, origin: Origin, batchId: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeCodes(origin, async ({ state }) => {
    const epoch = await room.guards.epoch(domain, user);
    return codesDecider.decide({ type: 'ConfirmSaved', batchId, epoch }, state);
  });
}
