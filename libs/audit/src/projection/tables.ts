import type { Actor } from '@sparekey/event-sourcing';
import type { Outcome } from './rows.ts';

/** One fact that matters. What is personal stands in it as the log has it: sealed, or not at all. */
export interface EntryRow {
  /** Counts the rows in the order of the log, from 1. */
  readonly seq: number;
  readonly event_id: string;
  readonly domain: string;
  /** The person it is about; null where it is about the domain. */
  readonly subject: string | null;
  /** Unix milliseconds. */
  readonly time: number;
  readonly action: string;
  readonly outcome: Outcome;
  readonly actor_kind: Actor['kind'];
  readonly actor_id: string;
  readonly factor_id: string | null;
  /** The kind of factor, or what stood in for one. */
  readonly method: string | null;
  readonly batch_id: string | null;
  readonly code_index: number | null;
  readonly service: string | null;
  readonly challenge_ref: string | null;
  readonly session_id: string | null;
  readonly correlation_id: string;
  /** Sealed: JSON of address and user agent. */
  readonly context: string | null;
  /** Challenge or session: entries of the same one have the context of the entry that has one. */
  readonly context_ref: string | null;
  /** JSON. */
  readonly detail: string | null;
}

export interface AuditTables {
  readonly entry: EntryRow;
}

export const COLUMNS: readonly (keyof EntryRow)[] = [
  'seq',
  'event_id',
  'domain',
  'subject',
  'time',
  'action',
  'outcome',
  'actor_kind',
  'actor_id',
  'factor_id',
  'method',
  'batch_id',
  'code_index',
  'service',
  'challenge_ref',
  'session_id',
  'correlation_id',
  'context',
  'context_ref',
  'detail',
];

/** What a page is looked for by; every one of them ends in the order of the page. */
export const INDEXES = {
  by_time: ['domain', 'time', 'seq'],
  by_subject: ['domain', 'subject', 'time', 'seq'],
  by_action: ['domain', 'action', 'time', 'seq'],
  by_outcome: ['domain', 'outcome', 'time', 'seq'],
  by_subject_and_action: ['domain', 'subject', 'action', 'time', 'seq'],
  by_subject_and_outcome: ['domain', 'subject', 'outcome', 'time', 'seq'],
} as const;
