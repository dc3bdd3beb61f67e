import type { Envelope, Fold } from '@sparekey/event-sourcing';
import type { FactorsFact } from './enrollment-events.ts';

/** Sealed into the event that gave it. */
export interface SealedName {
  readonly value: string;
  readonly eventId: string;
}

/** What a factor is, or was before it was removed. */
export interface NamedFactor {
  readonly kind: string;
  readonly name?: SealedName;
}

export type NamedFactors = ReadonlyMap<string, NamedFactor>;

function evolve(factors: NamedFactors, envelope: Envelope): NamedFactors {
  const event = envelope as FactorsFact & { id: string };
  if (event.type !== 'FactorAdded' && event.type !== 'FactorConfirmed' && event.type !== 'FactorRenamed')
    return factors;
  const { factorId, name } = event.data;
  if (event.type === 'FactorConfirmed' && name === undefined) return factors;
  const kind = event.type === 'FactorAdded' ? event.data.kind : (factors.get(factorId)?.kind ?? '');
  const named = { kind, ...(name !== undefined && { name: { value: name, eventId: event.id } }) };
  return new Map(factors).set(factorId, named);
}

/** For readers of a person's stream of factors: all that they ever had, by id. */
export const factorNamesFold: Fold<NamedFactors> = { initialState: () => new Map(), evolve };
