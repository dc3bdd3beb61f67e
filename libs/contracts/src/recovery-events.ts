import Type from 'typebox';
import { count, event, sealed, uuid, type EventOf } from './event.ts';

// These names are the storage format: they outlive every refactoring.

/** A new set; from here on every earlier one is dead. `digests`: JSON array of salted digests, by number of the code. */
export const recoveryCodesGenerated = event('RecoveryCodesGenerated', {
  batchId: uuid(),
  epoch: count(),
  total: count(),
  digests: sealed('codes'),
  /** The session of the reference sign-in service in which it was made. */
  sessionId: Type.Optional(uuid()),
});
export const recoveryCodesSaved = event('RecoveryCodesSaved', { batchId: uuid() });
/** The set is dead, and no other has taken its place: whoever it is for did not ask for it. */
export const recoveryCodesRevoked = event('RecoveryCodesRevoked', { batchId: uuid() });

export type CodesFact =
  | EventOf<typeof recoveryCodesGenerated>
  | EventOf<typeof recoveryCodesSaved>
  | EventOf<typeof recoveryCodesRevoked>;

export const RECOVERY_EVENTS = [recoveryCodesGenerated, recoveryCodesSaved, recoveryCodesRevoked];
