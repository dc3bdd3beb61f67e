import type { CodeSet, DomainView, User } from '@sparekey/contracts';

/** Revisions of the streams that a decision rested on, -1 for none. */
export interface GuardRevisions {
  readonly domain: number;
  readonly factors: number;
  readonly codes: number;
}

/** What a decision about a user rests on, all of it read to the end of its streams. */
export interface Guard {
  readonly domain: DomainView;
  readonly user: User;
  readonly codes: CodeSet | undefined;
  readonly revisions: GuardRevisions;
}
