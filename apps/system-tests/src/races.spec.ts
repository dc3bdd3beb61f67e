import {
  createHandle,
  WrongExpectedRevision,
  type EventRecord,
  type EventStore,
} from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import { RACERS_AT_ONCE } from './scale.ts';
import { FixedClock, Tenant, totpCode, World, type Person } from '@sparekey/testing';
import { EventStoreDbLog } from '@sparekey/testing/services';

const CHALLENGES = 10;
/** Enough to show that a mutant fails; each of its racers costs a hash. */
const MUTANTS = 50;

/** The mutant of the store: whatever revision is expected, it appends. */
function withoutRevisionCheck(inner: EventStore): EventStore {
  const append = async (
    stream: string,
    expected: number | 'no-stream',
    events: readonly EventRecord[],
  ): Promise<number> => {
    try {
      return await inner.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      return append(stream, error.actual, events);
    }
  };
  return {
    append,
    read: (...args) => inner.read(...args),
    readAll: (...args) => inner.readAll(...args),
    ping: () => inner.ping(),
    newestTime: () => inner.newestTime(),
    end: () => inner.end(),
    countAfter: (...args) => inner.countAfter(...args),
    onAppended: (...args) => inner.onAppended(...args),
  };
}

const asItIs = (ports: Ports): Ports => ports;
const withoutGuards = (ports: Ports): Ports => ({
  ...ports,
  store: withoutRevisionCheck(ports.store),
  handle: createHandle({ clock: ports.clock, random: ports.random }),
});
const withoutQueue = (ports: Ports): Ports => ({
  ...ports,
  handle: createHandle({ clock: ports.clock, random: ports.random }),
});

/** In SQLite all writers share the store; in EventStoreDB each has one of its own, as a process has. */
type InLog = 'SQLite' | 'EventStoreDB';

/** Sends one code from all racers at once, over several challenges and both writers. @returns how each was answered */
async function race(
  inLog: InLog,
  change: (ports: Ports) => Ports,
  code: (person: Person, now: number) => object,
  racers: number,
): Promise<number[]> {
  const log = inLog === 'EventStoreDB' ? await EventStoreDbLog.start() : undefined;
  const world = new World(new FixedClock(), log);
  try {
    const writers = [await world.start(change), await world.start(change)];
    const acme = await Tenant.create((await world.start()).api, world.operatorToken);
    const ada = await acme.enrol('ada', () => world.clock.now());
    world.clock.advance(90);
    const ids = await Promise.all(Array.from({ length: CHALLENGES }, () => acme.challenge('ada')));
    const body = code(ada, world.clock.now());
    const answers = Array.from({ length: racers }, (_, n) =>
      acme.through(writers[n % 2]!.api).answer(ids[n % CHALLENGES]!, body),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  } finally {
    await world.close();
    await log?.close();
  }
}

const wins = (statuses: readonly number[]) => statuses.filter((status) => status === 200).length;
const totp = ({ secret }: Person, now: number) => ({ method: 'totp', code: totpCode(secret, now) });
const recovery = ({ codes }: Person) => ({ method: 'recovery-code', code: codes[4]! });

describe.each<InLog>(['SQLite', 'EventStoreDB'])('two writers over one log in %s', (inLog) => {
  // separate processes over EventStoreDB are raced by the claimed number in services.system.spec
  const racers = inLog === 'SQLite' ? RACERS_AT_ONCE : MUTANTS;

  test.each([
    ['recovery code', recovery],
    ['authenticator code', totp],
  ] as const)(`of ${racers} who send one %s at once, one passes`, async (_, code) => {
    const statuses = await race(inLog, asItIs, code, racers);
    expect(wins(statuses)).toBe(1);
    for (const status of statuses) expect([200, 403, 409, 423]).toContain(status);
  });

  test('also without the queue: the revision check alone is enough', async () => {
    expect(wins(await race(inLog, withoutQueue, recovery, MUTANTS))).toBe(1);
  });

  test.each([
    ['recovery code', recovery],
    ['authenticator code', totp],
  ] as const)(
    'the mutant without revision check and queue lets one %s pass more than once',
    async (_, code) => {
      expect(wins(await race(inLog, withoutGuards, code, MUTANTS))).toBeGreaterThan(1);
    },
  );
});
