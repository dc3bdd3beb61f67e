import type { Envelope, Fold } from '@sparekey/event-sourcing';
import { verificationSummary, type Ledger, type VerificationFact } from './verification-events.ts';

/** What one user has spent. Written by verification alone; whoever shows what is left folds it in the same way. */
export const emptyLedger: Ledger = { spent: [], lastSteps: {}, lastUsed: {}, suspended: [] };

export function evolveLedger(ledger: Ledger, event: VerificationFact & { readonly time: number }): Ledger {
  const { suspended = [] } = ledger;
  if (event.type === 'FactorSuspended') return { ...ledger, suspended: [...suspended, event.data.factorId] };
  if (event.type === 'WaitsCleared') return { ...ledger, suspended: [] }; // the help desk gives them back
  if (event.type !== 'ChallengePassed') return ledger;
  const { factorId, step, batchId, index } = event.data;
  if (batchId !== undefined && index !== undefined) {
    // a code of another set: the set before it is dead, and so is what was spent of it
    return { ...ledger, batchId, spent: batchId === ledger.batchId ? [...ledger.spent, index] : [index] };
  }
  if (factorId === undefined) return ledger;
  return {
    ...ledger,
    lastSteps: step === undefined ? ledger.lastSteps : { ...ledger.lastSteps, [factorId]: step },
    lastUsed: { ...ledger.lastUsed, [factorId]: event.time },
  };
}

/** For readers of the verification stream: from its newest summary on. */
export const ledgerFold: Fold<Ledger> = {
  initialState: () => emptyLedger,
  evolve: (ledger, envelope: Envelope) =>
    evolveLedger(ledger, envelope as VerificationFact & { time: number }),
  summary: {
    type: verificationSummary.type,
    every: 64,
    understands: () => true, // the ledger is the part of a summary that every version shares
    take: () => {
      throw new Error('readers write no summaries');
    },
    restore: (data) => {
      const { ledger, state } = data as { ledger: Ledger; state?: { locks?: { suspended?: string[] } } };
      return { ...ledger, suspended: ledger.suspended ?? state?.locks?.suspended ?? [] };
    },
  },
};
