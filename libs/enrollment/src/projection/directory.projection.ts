import type { Fact } from '@sparekey/contracts';
import type { Envelope } from '@sparekey/event-sourcing';
import type { Projection } from '@sparekey/read-models';
import type { Kysely } from 'kysely';
import { changed, registered, withFactors, withoutFactor, withSuspended } from './person.ts';
import { RowsInHand } from './rows-in-hand.ts';
import type { DirectoryTables, PersonRow } from './tables.ts';

/** Keyed digests of the addresses and the number that stand, sealed, in an event. */
export type DigestContacts = (event: Envelope) => Promise<readonly string[]>;

type Happening = Envelope & Fact;

/** One batch on its way through the tables. */
class Batch {
  readonly people;
  readonly #factors;
  readonly #domains;
  readonly #days;
  readonly #addresses;
  /** The day that counts in each domain. */
  readonly #today = new Map<string, string>();
  /** Addresses of those who changed them within this batch. */
  readonly #digests = new Map<string, { domain: string; digests: readonly string[] }>();

  constructor(
    private readonly database: Kysely<DirectoryTables>,
    private readonly table: (name: string) => string,
    private readonly digestContacts: DigestContacts,
  ) {
    const of = <Table extends keyof DirectoryTables>(
      name: Table,
      ...key: (keyof DirectoryTables[Table] & string)[]
    ) => new RowsInHand(database, table, name, key);
    this.people = of('person', 'id');
    this.#factors = of('factor', 'factor_id');
    this.#domains = of('domain', 'domain');
    this.#days = of('day', 'domain', 'day');
    this.#addresses = of('address', 'person', 'digest');
  }

  async apply(event: Happening): Promise<void> {
    const { domain, time } = event;
    switch (event.type) {
      case 'DomainCreated':
      case 'DomainRenamed': {
        const before = await this.#domains.get(domain);
        const { displayName: display_name } = event.data;
        return this.#domains.set({ domain, display_name, created_at: before?.created_at ?? time });
      }
      case 'UserRegistered':
      case 'ContactsChanged':
        return this.#contacts(event);
      case 'FactorAdded': {
        const { factorId } = event.data;
        await this.#factors.get(factorId);
        return this.#factors.set({ factor_id: factorId, person: personOf(event), confirmed: 0 });
      }
      case 'FactorConfirmed':
      case 'FactorSuspended':
      case 'FactorRemoved':
        return this.#factor(event, event.data.factorId);
      default:
        return this.#person(event, (row) => changed(row, event));
    }
  }

  async write(): Promise<bigint> {
    for (const [person, { domain, digests }] of this.#digests)
      await this.#replaceAddresses(person, domain, digests);
    let change = 0n;
    for (const rows of [this.people, this.#factors, this.#domains, this.#days, this.#addresses])
      change += await rows.write();
    return change;
  }

  async #person(event: Happening, change: (row: PersonRow) => PersonRow): Promise<void> {
    if (event.subject === undefined) return;
    const before = await this.people.get(personOf(event));
    if (!before) return;
    const after = change(before);
    if (after === before) return;
    this.people.set(after);
    if (before.standing !== after.standing) await this.#count(event, before, after);
  }

  async #contacts(event: Happening): Promise<void> {
    const { domain, subject: user = '', time } = event;
    const id = personOf(event);
    this.#digests.set(id, { domain, digests: await this.digestContacts(event) });
    if (await this.people.get(id)) return;
    const row = registered(domain, user, time);
    this.people.set(row);
    await this.#count(event, undefined, row);
  }

  async #factor(event: Happening, factorId: string): Promise<void> {
    const factor = await this.#factors.get(factorId);
    if (!factor) return;
    if (event.type === 'FactorConfirmed') {
      this.#factors.set({ ...factor, confirmed: 1 });
      return this.#person(event, (row) => withFactors(row, 1));
    }
    if (event.type === 'FactorSuspended') {
      if (factor.confirmed === 1) await this.#person(event, (row) => withSuspended(row, factorId));
      return;
    }
    await this.#factors.delete(factorId);
    if (factor.confirmed === 1) await this.#person(event, (row) => withoutFactor(row, factorId));
  }

  /** The domain's figures of the day. A day never goes back, whatever the times of events are. */
  async #count({ domain, time }: Happening, before: PersonRow | undefined, after: PersonRow): Promise<void> {
    const last = this.#today.get(domain) ?? (await this.#lastDay(domain));
    const own = new Date(time).toISOString().slice(0, 10);
    const day = last !== undefined && last > own ? last : own;
    this.#today.set(domain, day);
    const standing = last === undefined ? undefined : await this.#days.get(domain, last);
    await this.#days.get(domain, day);
    const { people = 0, two_step = 0, alone = 0 } = standing ?? {};
    const step = (of: (row: PersonRow) => boolean) => Number(of(after)) - Number(before ? of(before) : false);
    this.#days.set({
      domain,
      day,
      people: people + (before ? 0 : 1),
      two_step: two_step + step((row) => row.standing !== 'off'),
      alone: alone + step((row) => row.standing === 'alone'),
    });
  }

  async #lastDay(domain: string): Promise<string | undefined> {
    const row = await this.database
      .selectFrom(this.table('day') as 'day')
      .select('day')
      .where('domain', '=', domain)
      .orderBy('day', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.day;
  }

  async #replaceAddresses(person: string, domain: string, digests: readonly string[]): Promise<void> {
    const known = await this.database
      .selectFrom(this.table('address') as 'address')
      .select('digest')
      .where('person', '=', person)
      .execute();
    for (const { digest } of known)
      if (!digests.includes(digest)) await this.#addresses.delete(person, digest);
    for (const digest of digests)
      if (!(await this.#addresses.get(person, digest))) this.#addresses.set({ person, domain, digest });
  }
}

const personOf = ({ domain, subject = '' }: Envelope): string => `${domain}.${subject}`;

/** Who there is, how safe they are, and how that went from day to day. */
export const directoryProjection = (digestContacts: DigestContacts): Projection => ({
  ...DIRECTORY,

  async create(database, name) {
    const { schema } = database;
    const person = name('person');
    await schema
      .createTable(person)
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('registered_at', 'bigint', (column) => column.notNull())
      .addColumn('last_sign_in', 'bigint')
      .addColumn('standing', 'text', (column) => column.notNull())
      .addColumn('two_step', 'integer', (column) => column.notNull())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .addColumn('factors', 'integer', (column) => column.notNull())
      .addColumn('suspended', 'text', (column) => column.notNull())
      .addColumn('batch_id', 'text')
      .addColumn('codes_epoch', 'integer', (column) => column.notNull())
      .addColumn('codes_saved', 'integer', (column) => column.notNull())
      .addColumn('codes_total', 'integer', (column) => column.notNull())
      .addColumn('codes_left', 'integer', (column) => column.notNull())
      .addColumn('codes_spent', 'integer', (column) => column.notNull())
      .execute();
    const index = (table: string, ...columns: string[]) =>
      schema
        .createIndex(`${name(table)}_by_${columns.join('_')}`)
        .on(name(table))
        .columns(columns)
        .execute();
    await index('person', 'domain', 'user_id');
    await index('person', 'domain', 'standing', 'user_id');
    await index('person', 'domain', 'two_step', 'codes_left', 'user_id');
    await index('person', 'domain', 'two_step', 'registered_at', 'user_id');
    await schema
      .createTable(name('factor'))
      .addColumn('factor_id', 'text', (column) => column.primaryKey())
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('confirmed', 'integer', (column) => column.notNull())
      .execute();
    await schema
      .createTable(name('address'))
      .addColumn('person', 'text', (column) => column.notNull())
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${name('address')}_key`, ['person', 'digest'])
      .execute();
    await index('address', 'domain', 'digest');
    await schema
      .createTable(name('domain'))
      .addColumn('domain', 'text', (column) => column.primaryKey())
      .addColumn('display_name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable(name('day'))
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('people', 'integer', (column) => column.notNull())
      .addColumn('two_step', 'integer', (column) => column.notNull())
      .addColumn('alone', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${name('day')}_key`, ['domain', 'day'])
      .execute();
  },

  async apply(database, name, events) {
    const batch = new Batch(database as unknown as Kysely<DirectoryTables>, name, digestContacts);
    const ofPeople = events.filter(({ subject }) => subject !== undefined);
    await batch.people.load(ofPeople.map(personOf));
    for (const event of events) await batch.apply(event as Happening);
    return batch.write();
  },
});

/** What readers know the projection by. */
export const DIRECTORY = {
  name: 'directory',
  version: 2,
  tables: ['person', 'factor', 'address', 'domain', 'day'],
} as const;
