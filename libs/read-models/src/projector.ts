import { readOn, type Codec, type EventStore, type StoredEvent } from '@sparekey/event-sourcing';
import type { Kysely } from 'kysely';
import {
  beginGeneration,
  createGenerations,
  dropGeneration,
  goLive,
  nextGeneration,
  readGenerations,
  tableName,
  type Generation,
  type GenerationsTable,
} from './generations.ts';
import { addSum, type Projection } from './projection.ts';

export interface ProjectorOptions {
  /** Nobody else writes through this connection. */
  readonly database: Kysely<never>;
  readonly store: EventStore;
  readonly codec: Codec;
  readonly projections: readonly Projection[];
  readonly now: () => number;
  /** Events in one transaction. */
  readonly batch?: number;
}

const BATCH = 1_000;
/** For so long the tables of a retired generation are kept for those who are reading them (milliseconds). */
const KEEP_RETIRED = 60_000;

/**
 * Advances projections along the log: a batch of events and the new position in one transaction, on the condition that
 * the position is still the one seen, so that of two projectors none doubles a row. Keeps nothing in memory between two
 * batches.
 */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #database: Kysely<GenerationsTable>;
  #generations: Generation[] | undefined;
  /** Generations came while others were advanced. */
  #isChanged = false;

  constructor(options: ProjectorOptions) {
    this.#options = options;
    this.#database = options.database as unknown as Kysely<GenerationsTable>;
  }

  /** Advances every generation by one batch. @returns whether all of them have come to the log's end */
  async advance(): Promise<boolean> {
    const generations = this.#generations ?? (await this.#prepare());
    const steps: Step[] = [];
    for (const generation of generations) {
      steps.push(
        generation.state === 'retired' ? await this.#dropLater(generation) : await this.#advance(generation),
      );
    }
    const isKnown = !this.#isChanged && steps.every(({ next }) => next !== undefined);
    this.#generations = isKnown ? steps.map(({ next }) => next!) : undefined;
    this.#isChanged = false;
    return steps.every(({ atEnd }) => atEnd);
  }

  async catchUp(): Promise<void> {
    while (!(await this.advance()));
  }

  /** Makes the rows of a projection anew, beside those that are read until then. @throws where there is no such one */
  async rebuild(name: string): Promise<void> {
    const next = nextGeneration(await readGenerations(this.#database), name);
    await beginGeneration(this.#database, this.#projection(name)!, next, this.#options.now());
    this.#generations = undefined;
    this.#isChanged = true;
  }

  #projection(name: string): Projection | undefined {
    return this.#options.projections.find((projection) => projection.name === name);
  }

  /** Tables of another version are not read any more: those of this one are begun beside them. */
  async #prepare(): Promise<Generation[]> {
    await createGenerations(this.#database);
    const found = await readGenerations(this.#database);
    for (const projection of this.#options.projections) {
      const { name, version } = projection;
      const current = found.filter((one) => one.name === name && one.version === version);
      if (current.some(({ state }) => state !== 'retired')) continue;
      await beginGeneration(this.#database, projection, nextGeneration(found, name), this.#options.now());
    }
    const known = await readGenerations(this.#database); // another projector may have begun them
    const isOurs = ({ name, version }: Generation) => this.#projection(name)?.version === version;
    return known.filter((one) => isOurs(one) || one.state === 'retired');
  }

  async #advance(generation: Generation): Promise<Step> {
    const { store, now, batch = BATCH } = this.#options;
    const { events: page } = await readOn(store, generation.position ?? undefined, batch);
    const next = page.length === 0 ? generation : await this.#apply(generation, page);
    if (!next) return { atEnd: false }; // another projector was faster: see how far it came
    const atEnd = page.length < batch;
    if (!atEnd || generation.state === 'live') return { atEnd, next };
    await goLive(this.#database, generation, now());
    return { atEnd };
  }

  /** Takes the position first: who else is there then waits, and finds it taken, before it writes a row. */
  async #apply(generation: Generation, page: readonly StoredEvent[]): Promise<Generation | undefined> {
    const projection = this.#projection(generation.name)!;
    const events = page.map((event) => this.#options.codec.decode(event));
    const position = page.at(-1)!.position!;
    try {
      return await this.#database.transaction().execute(async (transaction) => {
        const own = transaction
          .updateTable('projection')
          .where('name', '=', generation.name)
          .where('generation', '=', generation.generation);
        const { numUpdatedRows } = await own
          .set({ position })
          .where('position', generation.position === null ? 'is' : '=', generation.position)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new Overtaken();
        const rows = transaction as unknown as Kysely<never>;
        const change = await projection.apply(rows, tableName(generation), events);
        const sums = {
          checksum: addSum(generation.checksum, change),
          events: generation.events + page.length,
        };
        await own.set(sums).execute();
        return { ...generation, position, ...sums };
      });
    } catch (error) {
      if (error instanceof Overtaken) return undefined;
      throw error;
    }
  }

  async #dropLater(retired: Generation): Promise<Step> {
    if (this.#options.now() - retired.since < KEEP_RETIRED) return { atEnd: true, next: retired };
    const projection = this.#projection(retired.name);
    if (!projection) return { atEnd: true, next: retired };
    await dropGeneration(this.#database, projection, retired);
    return { atEnd: true };
  }
}

/** What became of one generation. */
interface Step {
  readonly atEnd: boolean;
  /** As it is now; nothing where it has to be looked up. */
  readonly next?: Generation;
}

class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
