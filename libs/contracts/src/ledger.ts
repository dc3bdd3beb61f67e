import type { Envelope, Fold } from '@sparekey/event-sourcing';
import { verificationSummary, type Ledger, type VerificationFact } from './verification-events.ts';

/** What one user has used up, by what was held. Written by verification alone; whoever shows what is left folds it in the same way. */
export const emptyLedger: Ledger = { consumed: {}, lastUsed: {}, suspended: [] };

type Passed = Extract<VerificationFact, { type: 'ChallengePassed' }>['data'];

export function evolveLedger(ledger: Ledger, event: VerificationFact & { readonly time: number }): Ledger {
  if (event.type === 'FactorSuspended')
    return { ...ledger, suspended: [...ledger.suspended, event.data.factorId] };
  if (event.type === 'WaitsCleared') return { ...ledger, suspended: [] }; // the help desk gives them back
  if (event.type !== 'ChallengePassed') return ledger;
  const { holder, learned } = event.data;
  return {
    ...ledger,
    consumed: { ...ledger.consumed, [holder]: consume(ledger.consumed[holder] ?? {}, event.data.consumes) },
    lastUsed: { ...ledger.lastUsed, [holder]: event.time },
    ...(learned && {
      learned: { ...ledger.learned, [holder]: { ...ledger.learned?.[holder], ...learned } },
    }),
  };
}

function consume(
  before: Ledger['consumed'][string],
  { through, item }: Passed['consumes'],
): Ledger['consumed'][string] {
  return {
    ...before,
    ...(through !== undefined && { through: Math.max(through, before.through ?? 0) }),
    ...(item !== undefined && { items: [...(before.items ?? []), item] }),
  };
}

/** Whether that is used up already, of what was used up before. */
export function isUsedUp(
  { through = -1, items = [] }: { readonly through?: number; readonly items?: readonly number[] },
  consumes: Passed['consumes'],
): boolean {
  if (consumes.through !== undefined && consumes.through <= through) return true;
  return consumes.item !== undefined && items.includes(consumes.item);
}

export function isConsumed(
  ledger: Ledger,
  { holder, consumes }: Pick<Passed, 'holder' | 'consumes'>,
): boolean {
  return isUsedUp(ledger.consumed[holder] ?? {}, consumes);
}

/** For readers of the verification stream: from its newest summary on. */
export const ledgerFold: Fold<Ledger> = {
  initialState: () => emptyLedger,
  evolve: (ledger, envelope: Envelope) =>
    evolveLedger(ledger, envelope as VerificationFact & { time: number }),
  summary: {
    type: verificationSummary.type,
    every: 64,
    understands: () => true, // the ledger of every version is read, an older one lifted
    take: () => {
      throw new Error('readers write no summaries');
    },
    restore: (data) => (data as { readonly ledger: Ledger }).ledger,
  },
};
