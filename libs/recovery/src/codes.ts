import { codesFold, evolveCodes, refuse, type CodesFact, type CodeSet } from '@sparekey/contracts';
import type { Decider } from '@sparekey/event-sourcing';

/*
 * The recovery codes of one user.
 *
 * - Only the newest set counts: generating one kills the set before it at that instant.
 * - A set belongs to the epoch it was made under and dies with it.
 * - A code is known by its number; what is kept of it is a salted, peppered digest, sealed.
 * - Which codes are spent stands in verification's ledger, and nowhere else.
 */

export type Codes = CodeSet | undefined;

export type CodesCommand =
  | {
      readonly type: 'GenerateCodes';
      readonly batchId: string;
      readonly total: number;
      readonly digests: string;
      readonly epoch: number;
      /** In which they are made, where it is one. */
      readonly sessionId?: string;
    }
  | { readonly type: 'ConfirmSaved'; readonly batchId: string; readonly epoch: number }
  /** Whoever it is for did not ask for this set. */
  | { readonly type: 'RevokeCodes'; readonly batchId: string };

function decide(command: CodesCommand, codes: Codes): CodesFact[] {
  if (command.type === 'GenerateCodes') {
    const { type: _, ...data } = command;
    return [{ type: 'RecoveryCodesGenerated', data }];
  }
  if (command.type === 'RevokeCodes') {
    const { batchId } = command;
    return codes?.batchId === batchId ? [{ type: 'RecoveryCodesRevoked', data: { batchId } }] : [];
  }
  if (codes?.batchId !== command.batchId || codes.epoch !== command.epoch)
    throw refuse('not-found', { detail: 'there is no such set of recovery codes' });
  return codes.saved ? [] : [{ type: 'RecoveryCodesSaved', data: { batchId: command.batchId } }];
}

export const codesDecider: Decider<CodesCommand, CodesFact, Codes> = {
  initialState: () => codesFold.initialState(),
  evolve: evolveCodes,
  decide,
};
