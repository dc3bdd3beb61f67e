import { codec, factorsStream, standingFold, type FactorsFact, type Standing } from '@sparekey/contracts';
import { FoldCache, type Envelope, type EventStore, type Fold } from '@sparekey/event-sourcing';

export interface UserView extends Standing {
  /** Factors that stand, each with the session in which it was confirmed. */
  readonly factors: Readonly<Record<string, { readonly kind: string; readonly confirmedIn?: string }>>;
}

const userFold: Fold<UserView> = {
  initialState: () => ({ ...standingFold.initialState(), factors: {} }),
  evolve: (user, envelope: Envelope) => {
    const event = envelope as FactorsFact & { time: number };
    const after = { ...user, ...standingFold.evolve(user, envelope) };
    switch (event.type) {
      case 'FactorAdded': {
        const { factorId, kind } = event.data;
        return { ...after, factors: { ...user.factors, [factorId]: { kind } } };
      }
      case 'FactorConfirmed': {
        const { factorId, sessionId } = event.data;
        const kind = user.factors[factorId]?.kind;
        // with two-step verification on already, confirming another factor is no second step of that session
        if (sessionId === undefined || kind === undefined || user.twoStep) return after;
        return { ...after, factors: { ...user.factors, [factorId]: { kind, confirmedIn: sessionId } } };
      }
      case 'FactorRemoved': {
        const { [event.data.factorId]: _removed, ...factors } = user.factors;
        return { ...after, factors };
      }
      default:
        return after;
    }
  },
};

/** What this room reads of enrollment's streams. */
export class Guards {
  readonly #users: FoldCache<UserView>;

  constructor(store: EventStore) {
    this.#users = new FoldCache(store, codec, userFold, 4_096);
  }

  async user(domain: string, user: string): Promise<UserView> {
    return (await this.#users.load(factorsStream(domain, user))).state;
  }
}
