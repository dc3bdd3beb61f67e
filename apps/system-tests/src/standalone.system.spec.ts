import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '@sparekey/event-sourcing';
import { DataDirectory } from '@sparekey/sqlite';
import {
  seedUsers,
  Standalone,
  temporaryDirectory,
  Tenant,
  totpCode,
  type SeededUser,
} from '@sparekey/testing';
import { KILLS, RACERS_AT_ONCE } from './scale.ts';

let path: string;
let remove: () => void;
let standalone: Standalone | undefined;

beforeEach(() => {
  ({ path, remove } = temporaryDirectory());
});
afterEach(async () => {
  await standalone?.end('SIGKILL');
  standalone = undefined;
  remove();
});

const start = async (environment: Record<string, string> = {}, connections = 64) =>
  (standalone = await Standalone.start({ dataDirectory: path, environment, connections }));
const now = () => Date.now();
const totp = ({ secret }: SeededUser) => ({ method: 'totp', code: totpCode(secret, now()) });

async function wholeLog(): Promise<StoredEvent[]> {
  const directory = new DataDirectory(path);
  const store = directory.openEventStore();
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position, 10_000);
    all.push(...page);
    if (page.length === 0) break;
  }
  await directory.close();
  return all;
}

const claimsOf = (result: string) =>
  JSON.parse(Buffer.from(result.split('.')[1]!, 'base64url').toString()) as {
    challengeRef: string;
    sub: string;
  };

describe('races against a running standalone', () => {
  test.each(['recovery code', 'authenticator code'])(
    `of ${RACERS_AT_ONCE} submissions of one %s exactly one passes`,
    async (kind) => {
      const [eve] = await seedUsers(path, 'acme', 1, 'eve');
      const { api, operatorToken } = await start({}, 256);
      const acme = await Tenant.create(api, operatorToken);
      const ada = await acme.enrol('ada', now);
      const userId = kind === 'recovery code' ? 'ada' : eve!.userId;
      const body = kind === 'recovery code' ? { method: 'recovery-code', code: ada.codes[9] } : totp(eve!);
      const ids = await Promise.all(Array.from({ length: 20 }, () => acme.challenge(userId)));
      const answers = await Promise.all(
        Array.from({ length: RACERS_AT_ONCE }, (_, n) => acme.answer(ids[n % ids.length]!, body)),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      for (const status of statuses) expect([200, 403, 409, 423]).toContain(status);
    },
  );
});

interface Acknowledged {
  readonly challengeId: string;
  readonly challengeRef: string;
}

/** Answers challenges, one after another in many lanes, until the process is gone. @returns what was acknowledged */
async function answerUntilKilled(
  acme: Tenant,
  users: SeededUser[],
  standalone: Standalone,
  after: number,
  /** Counted from the first acknowledgement, so that there is one however slow the machine is; else from the start. */
  fromFirst: boolean,
): Promise<Acknowledged[]> {
  const open: { user: SeededUser; challengeId: string }[] = [];
  const opening = users.map(async (user) =>
    open.push({ user, challengeId: await acme.challenge(user.userId) }),
  );
  await Promise.all(opening);
  const acknowledged: Acknowledged[] = [];
  const first = Promise.withResolvers<void>();
  const lane = async () => {
    for (let next = open.pop(); next; next = open.pop()) {
      const { user, challengeId } = next;
      const { status, body } = await acme.answer(challengeId, totp(user));
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      acknowledged.push({ challengeId, challengeRef: claimsOf(body.result as string).challengeRef });
      first.resolve();
    }
  };
  const begun = fromFirst ? first.promise : Promise.resolve();
  const killed = begun.then(() => sleep(after)).then(() => standalone.end('SIGKILL'));
  const lanes = await Promise.allSettled(Array.from({ length: 32 }, lane));
  await killed;
  for (const one of lanes) {
    // a lane ends when there is nothing left to answer, or because the process is gone: nothing else
    if (one.status === 'rejected')
      expect((one.reason as { code?: string }).code ?? one.reason).toMatch(/ECONNRESET|ECONNREFUSED|UND_ERR/);
  }
  return acknowledged;
}

describe('kill -9', () => {
  test(`${KILLS} times under load loses nothing that was acknowledged and lets nothing pass twice`, async () => {
    const PER_ROUND = 200;
    const users = await seedUsers(path, 'acme', KILLS * PER_ROUND);
    let acme: Tenant | undefined;
    const all: Acknowledged[] = [];
    let interrupted = 0;
    for (let round = 0; round < KILLS; round++) {
      const running = await start();
      acme = acme ? acme.through(running.api) : await Tenant.create(running.api, running.operatorToken);
      const last = all.slice(-5);
      for (const { challengeId } of last) {
        const shown = await acme.api('GET', `/v1/challenges/${challengeId}`);
        expect(shown.body).toMatchObject({ state: 'passed' });
        expect((await acme.answer(challengeId, { method: 'totp', code: '000000' })).body).toMatchObject({
          code: 'challenge-closed',
        });
      }
      const batch = users.slice(round * PER_ROUND, (round + 1) * PER_ROUND);
      const acknowledged = await answerUntilKilled(acme, batch, running, Math.random() * 60, round % 3 > 0);
      if (acknowledged.length < PER_ROUND) interrupted++;
      all.push(...acknowledged);
    }
    const log = await wholeLog();
    const passes = log
      .filter(({ type }) => type === 'ChallengePassed')
      .map(({ data }) => data as { challengeRef: string; holder: string; consumes: { through: number } });
    const refs = new Set(passes.map(({ challengeRef }) => challengeRef));
    expect(all.length).toBeGreaterThan(KILLS);
    expect(interrupted).toBeGreaterThan(0); // kills did fall into the load
    expect(all.filter(({ challengeRef }) => !refs.has(challengeRef))).toEqual([]);
    expect(refs.size).toBe(passes.length);
    expect(new Set(passes.map(({ holder, consumes }) => `${holder} ${consumes.through}`)).size).toBe(
      passes.length,
    );
    for (const [stream, events] of Map.groupBy(log, (event) => event.stream)) {
      expect([stream, events.map(({ revision }) => revision)]).toEqual([stream, events.map((_, n) => n)]);
    }
  }, 600_000);
});

describe('a graceful stop', () => {
  test('finishes what is under way and loses nothing', async () => {
    const users = await seedUsers(path, 'acme', 300);
    const running = await start();
    const acme = await Tenant.create(running.api, running.operatorToken);
    const open = await Promise.all(
      users.map(async (user) => ({ user, id: await acme.challenge(user.userId) })),
    );
    const answers = open.map(({ user, id }) => acme.answer(id, totp(user)));
    await answers[0];
    const ended =
      running.child.kill('SIGTERM') &&
      new Promise((resolve) => running.child.once('exit', (code) => resolve(code)));
    const settled = await Promise.allSettled(answers);
    expect(await ended).toBe(0);
    const passed = settled.flatMap((one) =>
      one.status === 'fulfilled' && one.value.status === 200
        ? [claimsOf(one.value.body.result as string).challengeRef]
        : [],
    );
    const refused = settled.filter((one) => one.status === 'fulfilled' && one.value.status !== 200);
    expect(passed.length).toBeGreaterThan(0);
    expect(refused).toEqual([]); // answered, or the connection was not taken any more: no half answers
    const recorded = (await wholeLog())
      .filter(({ type }) => type === 'ChallengePassed')
      .map(({ data }) => (data as { challengeRef: string }).challengeRef);
    expect(recorded.sort()).toEqual(passed.sort());
    expect(running.output.join('')).toContain('"msg":"stopped"');
  });
});
