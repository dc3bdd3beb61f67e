import { refuse, type Policy } from '@sparekey/contracts';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { EnrollmentRoom } from './enrollment.room.ts';
import { DIRECTORY, digestOf, type DirectoryTables, type PersonRow } from './projection/index.ts';
import { contactsOf } from './show-user.ts';

/** How people may be picked out. */
export const STATES = ['on', 'off', 'no-second-way', 'codes-low', 'deadline-near'] as const;
export type State = (typeof STATES)[number];

/** A deadline is near when it is less than so long away, or over (milliseconds). */
const NEAR_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;
/** Further than this nobody counts: it is too many in any case. */
const MOST_COUNTED = 10_000;
const TREND_DAYS = 90;

export interface Search {
  /** A user's id, an e-mail address or a telephone number, whole. */
  readonly query?: string;
  readonly state?: State;
  /** The last user of the page before. */
  readonly after?: string;
  readonly limit: number;
}

type People = SelectQueryBuilder<DirectoryTables, 'person', object>;

async function open(room: EnrollmentRoom) {
  const { views } = room.ports;
  const name = await views.live(DIRECTORY);
  const database = views.database as unknown as Kysely<DirectoryTables>;
  return { database, name: <Table extends keyof DirectoryTables>(table: Table) => name(table) as Table };
}

/** Every domain there is, by its id. */
export async function listDomains(room: EnrollmentRoom, after: string | undefined, limit: number) {
  const { database, name } = await open(room);
  let query = database
    .selectFrom(name('domain'))
    .selectAll()
    .orderBy('domain')
    .limit(limit + 1);
  if (after !== undefined) query = query.where('domain', '>', after);
  const rows = await query.execute();
  const items = rows.slice(0, limit).map(({ domain, display_name, created_at }) => ({
    domain,
    displayName: display_name,
    createdAt: new Date(created_at).toISOString(),
  }));
  return { items, next: rows.length > limit ? items.at(-1)!.domain : null };
}

/** People of a domain, by their ids. */
export async function findUsers(room: EnrollmentRoom, domain: string, search: Search) {
  const { policy } = await room.domain(domain);
  const { database, name } = await open(room);
  const { query: text, state, after, limit } = search;
  let query = database.selectFrom(name('person')).where('domain', '=', domain) as unknown as People;
  if (text !== undefined) {
    const digest = digestOf(room.ports.blindIndex, domain, text);
    const found = await database
      .selectFrom(name('address'))
      .select('person')
      .where('domain', '=', domain)
      .where('digest', '=', digest)
      .execute();
    query = query.where('id', 'in', [`${domain}.${text}`, ...found.map(({ person }) => person)]);
  }
  if (state !== undefined) query = inState(query, state, policy, room.ports.clock.now());
  if (after !== undefined) query = query.where('user_id', '>', after);
  const rows = await query
    .selectAll()
    .orderBy('user_id')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit) as PersonRow[];
  return {
    items: await Promise.all(page.map((row) => show(room, row))),
    next: rows.length > limit ? page.at(-1)!.user_id : null,
  };
}

function inState(query: People, state: State, policy: Policy, now: number): People {
  switch (state) {
    case 'on':
      return query.where('two_step', '=', 1);
    case 'off':
      return query.where('standing', '=', 'off');
    case 'no-second-way':
      return query.where('standing', '=', 'alone');
    case 'codes-low':
      return query.where('two_step', '=', 1).where('codes_left', '<=', policy.recoveryCodes.lowThreshold);
    case 'deadline-near':
      return query
        .where('two_step', '=', 0)
        .where('registered_at', '<=', registeredBefore(policy, now + NEAR_MS));
  }
}

/** Who was registered until then must have two-step verification on by `moment`; nobody where that is -1. */
function registeredBefore({ enrollment }: Policy, moment: number): number {
  if (enrollment.mode === 'optional') return -1;
  const { requiredFrom, graceDays } = enrollment;
  const grace = graceDays * DAY_MS;
  if (requiredFrom !== undefined && Date.parse(requiredFrom) + grace > moment) return -1;
  return moment - grace;
}

async function show(room: EnrollmentRoom, row: PersonRow) {
  const { domain, user_id: userId } = row;
  const { displayName, emails, phone } = await contactsOf(room, domain, userId);
  return {
    userId,
    ...(displayName !== undefined && { displayName }),
    ...(emails !== undefined && { emails }),
    ...(phone !== undefined && { phone }),
    registeredAt: new Date(row.registered_at).toISOString(),
    ...(row.last_sign_in !== null && { lastSignInAt: new Date(row.last_sign_in).toISOString() }),
    twoStep: { enabled: row.two_step === 1 },
    factors: row.factors,
    recoveryCodes: { remaining: row.codes_left },
    secondWayIn: row.standing === 'off' ? null : row.standing === 'safe',
  };
}

/** Who would be locked out if they lost their phone today, whose codes run low, whose deadline is near, and the trend. */
export async function showReadiness(room: EnrollmentRoom, domain: string) {
  const { policy } = await room.domain(domain);
  const { database, name } = await open(room);
  const now = room.ports.clock.now();
  const days = await database
    .selectFrom(name('day'))
    .selectAll()
    .where('domain', '=', domain)
    .orderBy('day', 'desc')
    .limit(TREND_DAYS)
    .execute();
  const count = async (state: State) => {
    const people = database.selectFrom(name('person')).where('domain', '=', domain) as unknown as People;
    const some = inState(people, state, policy, now).select('id').limit(MOST_COUNTED).as('some');
    const { total } = await database
      .selectFrom(some)
      .select(({ fn }) => fn.countAll().as('total'))
      .executeTakeFirstOrThrow();
    return Number(total);
  };
  const [today] = days;
  return {
    people: today?.people ?? 0,
    twoStep: today?.two_step ?? 0,
    noSecondWay: today?.alone ?? 0,
    codesLow: await count('codes-low'),
    deadlineNear: await count('deadline-near'),
    trend: days.toReversed().map(({ day, people, two_step, alone }) => ({
      day,
      people,
      twoStep: two_step,
      noSecondWay: alone,
    })),
  };
}

/** @throws Refusal `validation-failed` */
export function readAfter(cursor: string | undefined, pattern: RegExp): string | undefined {
  if (cursor === undefined || pattern.test(cursor)) return cursor;
  throw refuse('validation-failed', { errors: [{ field: 'cursor', message: 'is no cursor of this list' }] });
}
