import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectEventStoreDb, EventStoreDbEventStore } from '@sparekey/eventstoredb';
import { localServer } from '@sparekey/hosting/fleet';
import { eventually, Standalone, temporaryDirectory, Tenant, type Person } from '@sparekey/testing';
import { EventStoreDbStandIn, servicesHere } from '@sparekey/testing/services';

/*
 * What `npm run services` starts: every service, Kafka, PostgreSQL and, where no EventStoreDB is named, the stand-in. All of
 * their processes are killed at once while people sign in, and started again by the same command.
 */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const here = servicesHere(); // where Kafka and PostgreSQL are tested at all, these can be started too
const reason = typeof here === 'string' ? ` (${here})` : '';
const PEOPLE = 6;

(reason === '' ? describe : describe.skip)(`everything on one machine${reason}`, () => {
  const temporary = temporaryDirectory();
  const passed: string[] = [];
  let local: Standalone;
  let acme: Tenant;
  let people: Person[];

  const start = () =>
    Standalone.start({ dataDirectory: temporary.path, app: 'local', environment: { HOME: homedir() } });
  const firstNumber = (file: string) =>
    Number.parseInt(readFileSync(`${temporary.path}/${file}`, 'utf8'), 10);

  beforeAll(async () => {
    local = await start();
    acme = await Tenant.create(local.api, local.operatorToken);
    people = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => acme.enrolBefore(`ada-${n}`)));
  }, 120_000);
  afterAll(async () => {
    await local?.end();
    for (const name of ['kafka', 'postgres'] as const)
      await localServer(`${ROOT}/deploy/local/${name}.sh`, 'stop', `${temporary.path}/${name}`, 0).catch(
        () => undefined,
      );
    temporary.remove();
  }, 60_000);

  const spend = async ({ userId, codes }: Person, n: number) => {
    const challengeId = await acme.challenge(userId);
    const answer = await acme.answer(challengeId, { method: 'recovery-code', code: codes[n] });
    if (answer.status === 200) passed.push(`${userId} ${n}`);
    return answer.status;
  };
  /** Every code that an answer was given for, as the log of all has it. */
  const used = async () => {
    const entries: { userId: string; code: { number: number } }[] = [];
    let next: string | null = '';
    do {
      const cursor = next && `&cursor=${next}`;
      const { body } = await acme.operator('GET', `/audit?action=code.used&limit=200${cursor}`);
      entries.push(...(body.items as typeof entries));
      next = body.next as string | null;
    } while (next);
    return entries.map(({ userId, code }) => `${userId} ${code.number - 1}`);
  };

  test('has lost nothing when every process of it was killed and it is started again', async () => {
    const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(local.child.pid)], { encoding: 'utf8' });
    const pids = children.stdout.trim().split(/\s+/).map(Number);
    expect(pids).toHaveLength(9); // six services, the relay, the gateway, the stand-in
    pids.push(local.child.pid!, firstNumber('kafka/kafka.pid'), firstNumber('postgres/data/postmaster.pid'));
    const load = Promise.allSettled(
      people.map(async (person) => {
        for (let n = 0; n < 9; n++) await spend(person, n);
      }),
    );
    while (passed.length < PEOPLE) await sleep(5);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await load;
    await local.end('SIGKILL');

    local = await start();
    acme = acme.through(local.api);
    const entries = await eventually(async () => {
      const found = await used();
      return passed.every((one) => found.includes(one)) ? found : undefined;
    });
    expect(new Set(entries).size).toBe(entries.length);
    const before = [...passed];
    for (const person of people) {
      for (let n = 0; n < 9; n++)
        if (before.includes(`${person.userId} ${n}`)) expect(await spend(person, n)).toBe(403);
      expect(await spend(person, 9)).toBe(200);
    }
    expect(local.output.join('')).toContain('stand-in'); // it says that this is no EventStoreDB
  }, 180_000);
});

(reason === '' ? test : test.skip)(
  `everything on one machine, on the log that is named${reason}`,
  async () => {
    const [elsewhere, data] = [temporaryDirectory(), temporaryDirectory()];
    const standIn = await EventStoreDbStandIn.start({ directory: elsewhere.path });
    const client = connectEventStoreDb(standIn.url, false);
    const store = new EventStoreDbEventStore({ client, prefixes: ['second-'], onTrouble: () => undefined });
    let local: Standalone | undefined;
    try {
      local = await Standalone.start({
        dataDirectory: data.path,
        app: 'local',
        environment: {
          HOME: homedir(),
          EVENTSTORE_URL: standIn.url,
          SPAREKEY_NAMESPACE: 'second',
          SPAREKEY_TRUSTED_PROXIES: '10.0.0.1', // in front of the gateway, which its services trust all the same
        },
      });
      await Tenant.create(local.api, local.operatorToken);
      const streams = (await store.readAll(undefined, 100)).map(({ stream }) => stream);
      expect(streams).toContain('second-domain-acme');
      expect(existsSync(`${data.path}/eventstoredb`)).toBe(false);
    } finally {
      await local?.end();
      await store.close();
      await standIn.stop();
      for (const { remove } of [elsewhere, data]) remove();
    }
  },
  120_000,
);
