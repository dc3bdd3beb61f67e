import {
  codec,
  factorsStream,
  ledgerFold,
  refuse,
  verificationStream,
  type FactorsFact,
  type Ledger,
} from '@sparekey/contracts';
import { FoldCache, type Envelope, type EventStore } from '@sparekey/event-sourcing';

interface UserView {
  readonly known: boolean;
  readonly epoch: number;
}

function evolve(user: UserView, envelope: Envelope): UserView {
  const event = envelope as FactorsFact;
  if (event.type === 'UserRegistered') return { ...user, known: true };
  if (event.type === 'TwoStepDisabled') return { ...user, epoch: event.data.epoch };
  return user;
}

/** What this room reads of enrollment's and verification's streams. */
export class Guards {
  readonly #users: FoldCache<UserView>;
  readonly #ledgers: FoldCache<Ledger>;

  constructor(store: EventStore) {
    const initialState = () => ({ known: false, epoch: 0 });
    this.#users = new FoldCache<UserView>(store, codec, { initialState, evolve }, 4_096);
    this.#ledgers = new FoldCache(store, codec, ledgerFold, 4_096);
  }

  /** The epoch that codes are made under. @throws Refusal `not-found` */
  async epoch(domain: string, user: string): Promise<number> {
    const { state } = await this.#users.load(factorsStream(domain, user));
    if (!state.known) throw refuse('not-found');
    return state.epoch;
  }

  /** Numbers of the codes of this set that are spent. */
  async spent(domain: string, user: string, batchId: string): Promise<readonly number[]> {
    const { state } = await this.#ledgers.load(verificationStream(domain, user));
    return state.batchId === batchId ? state.spent : [];
  }
}
