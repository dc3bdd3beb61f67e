import { codec, factorsStream, type FactorsFact } from '@sparekey/contracts';
import type { Envelope, EventStore } from '@sparekey/event-sourcing';
import { FoldCache } from '@sparekey/event-sourcing/cache';

export interface SealedName {
  readonly value: string;
  readonly eventId: string;
}

/** What a factor is, or was before it was removed. */
export interface NamedFactor {
  readonly kind: string;
  readonly name?: SealedName;
}

type Named = ReadonlyMap<string, NamedFactor>;

function evolve(factors: Named, envelope: Envelope): Named {
  const event = envelope as FactorsFact & { id: string };
  if (event.type !== 'FactorAdded' && event.type !== 'FactorRenamed') return factors;
  const { factorId, name } = event.data;
  const kind = event.type === 'FactorAdded' ? event.data.kind : (factors.get(factorId)?.kind ?? '');
  const named = { kind, ...(name !== undefined && { name: { value: name, eventId: event.id } }) };
  return new Map(factors).set(factorId, named);
}

/** What this room reads of enrollment's stream: the factors a person ever had. */
export class FactorNames {
  readonly #cache: FoldCache<Named>;

  constructor(store: EventStore) {
    this.#cache = new FoldCache<Named>(store, codec, { initialState: () => new Map(), evolve }, 1_024);
  }

  async of(domain: string, user: string): Promise<Named> {
    return (await this.#cache.load(factorsStream(domain, user))).state;
  }
}
