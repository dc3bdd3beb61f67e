import {
  codec,
  codesStream,
  ledgerFold,
  verificationStream,
  type CodesFact,
  type Ledger,
} from '@sparekey/contracts';
import { FoldCache, type Envelope, type EventStore } from '@sparekey/event-sourcing';

/** The set of recovery codes that counts: the newest. */
export interface CodeSet {
  readonly batchId: string;
  readonly epoch: number;
  readonly total: number;
  readonly saved: boolean;
  /** The session in which it was made, where it was one. */
  readonly sessionId: string | undefined;
  readonly generatedAt: number;
}

function evolve(set: CodeSet | undefined, envelope: Envelope): CodeSet | undefined {
  const event = envelope as CodesFact & { time: number };
  if (event.type === 'RecoveryCodesGenerated') {
    const { batchId, epoch, total, sessionId } = event.data;
    return { batchId, epoch, total, sessionId, saved: false, generatedAt: event.time };
  }
  if (event.type === 'RecoveryCodesSaved' && set?.batchId === event.data.batchId)
    return { ...set, saved: true };
  if (event.type === 'RecoveryCodesRevoked' && set?.batchId === event.data.batchId) return undefined;
  return set;
}

/** What this room reads of recovery's and verification's streams. */
export class Guards {
  readonly #codes: FoldCache<CodeSet | undefined>;
  readonly #ledgers: FoldCache<Ledger>;

  constructor(store: EventStore) {
    this.#codes = new FoldCache<CodeSet | undefined>(
      store,
      codec,
      { initialState: () => undefined, evolve },
      4_096,
    );
    this.#ledgers = new FoldCache(store, codec, ledgerFold, 4_096);
  }

  async codes(domain: string, user: string): Promise<CodeSet | undefined> {
    return (await this.#codes.load(codesStream(domain, user))).state;
  }

  async ledger(domain: string, user: string): Promise<Ledger> {
    return (await this.#ledgers.load(verificationStream(domain, user))).state;
  }
}
