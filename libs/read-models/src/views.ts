import { refuse } from '@sparekey/contracts';
import type { Kysely } from 'kysely';
import { isMissing } from './failures.ts';
import { readGenerations, tableName, type Generation, type GenerationsTable } from './generations.ts';
import type { Projection, TableName } from './projection.ts';

/** Read models, for who reads them. */
export class Views {
  constructor(
    readonly database: Kysely<never>,
    /** Has a projection made anew, beside the one that is read until then. */
    readonly rebuild: (name: string) => Promise<void>,
  ) {}

  /**
   * The tables to read from.
   *
   * @throws Refusal `not-ready` while rows of this version are made for the first time
   */
  async live({ name, version }: Pick<Projection, 'name' | 'version'>): Promise<TableName> {
    const generations = await this.generations();
    const live = generations.find(
      (one) => one.name === name && one.state === 'live' && one.version === version,
    );
    if (!live) throw refuse('not-ready', { detail: `${name} is being made ready`, retryAfter: 1 });
    return tableName(live);
  }

  /** What there is, and how far it has come; nothing before a projector ran for the first time. */
  async generations(): Promise<readonly Generation[]> {
    const database = this.database as unknown as Kysely<GenerationsTable>;
    return readGenerations(database).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
  }
}
