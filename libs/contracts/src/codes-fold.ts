import type { Envelope, Fold } from '@sparekey/event-sourcing';
import type { SealedAt } from './event.ts';
import type { CodesFact } from './recovery-events.ts';

/** A set of recovery codes: the newest, which alone counts. */
export interface CodeSet {
  readonly batchId: string;
  /** Dead where it is not the user's any more. */
  readonly epoch: number;
  readonly total: number;
  /** JSON array of salted digests, by number of the code. */
  readonly digests: SealedAt;
  readonly saved: boolean;
  /** The session in which it was made, where it was one. */
  readonly sessionId: string | undefined;
  /** Unix milliseconds. */
  readonly generatedAt: number;
}

type Said = CodesFact & { readonly id?: string; readonly time: number };

export function evolveCodes(codes: CodeSet | undefined, event: Said): CodeSet | undefined {
  switch (event.type) {
    case 'RecoveryCodesGenerated': {
      const { batchId, epoch, total, digests, sessionId } = event.data;
      const sealed = { value: digests, eventId: event.id ?? '' };
      return { batchId, epoch, total, digests: sealed, sessionId, saved: false, generatedAt: event.time };
    }
    case 'RecoveryCodesSaved':
      return codes?.batchId === event.data.batchId ? { ...codes, saved: true } : codes;
    case 'RecoveryCodesRevoked':
      return codes?.batchId === event.data.batchId ? undefined : codes;
    default:
      return codes;
  }
}

export const codesFold: Fold<CodeSet | undefined> = {
  initialState: () => undefined,
  evolve: (codes, envelope: Envelope) => evolveCodes(codes, envelope as unknown as Said),
};
