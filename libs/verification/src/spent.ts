import type { Method } from '@sparekey/contracts';

/** What a correct code spends. */
export type Spent =
  | { readonly method: Exclude<Method, 'recovery-code'>; readonly factorId: string; readonly step: number }
  | { readonly method: 'recovery-code'; readonly batchId: string; readonly index: number };
