import { refuse, type CodesFact } from '@sparekey/contracts';
import type { Decider, Happened } from '@sparekey/event-sourcing';

/*
 * The recovery codes of one user.
 *
 * - Only the newest set counts: generating one kills the set before it at that instant.
 * - A set belongs to the epoch it was made under and dies with it.
 * - A code is known by its number; what is kept of it is a salted, peppered digest, sealed.
 * - Which codes are spent stands in verification's ledger, and nowhere else.
 */

export interface CodeSet {
  readonly batchId: string;
  readonly epoch: number;
  readonly total: number;
  readonly saved: boolean;
  /** The session in which it was made, where it was one. */
  readonly sessionId: string | undefined;
  readonly generatedAt: number;
}

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

function evolve(codes: Codes, event: Happened<CodesFact>): Codes {
  switch (event.type) {
    case 'RecoveryCodesGenerated': {
      const { batchId, epoch, total, sessionId } = event.data;
      return { batchId, epoch, total, sessionId, saved: false, generatedAt: event.time };
    }
    case 'RecoveryCodesSaved':
      return codes?.batchId === event.data.batchId ? { ...codes, saved: true } : codes;
    case 'RecoveryCodesRevoked':
      return codes?.batchId === event.data.batchId ? undefined : codes;
    default:
      return codes;
  }
}

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
  initialState: () => undefined,
  evolve,
  decide,
};
