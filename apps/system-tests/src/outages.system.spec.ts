import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@sparekey/hosting';
import { localServer, type Member } from '@sparekey/hosting/fleet';
import { freePort, MailServer, temporaryDirectory } from '@sparekey/testing';
import { ServiceProcesses, servicesHere, type TestServers } from '@sparekey/testing/services';
import { scale } from './scale.ts';
import { SignInLoad } from './sign-in-load.ts';

/*
 * Everything that can go away goes away in the middle of sign-ins, and comes back: nothing acknowledged is lost, every
 * event is on its topic once and in order, every notice is sent once. Kafka and PostgreSQL are servers of this file's own.
 */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const here = servicesHere();
const reason = typeof here === 'string' ? ` (${here})` : '';
// a server that the environment names takes no orders to fail, and is not these tests' to kill: there they are skipped
const onStandIn = process.env.EVENTSTORE_URL ? test.skip : test;
const PEOPLE = 8;
/** A call to a log that stands still is given up after 4 s, and nobody waits for two of them one after the other. */
const ANSWERS_WITHIN = 5_500;
const ROUNDS = scale(2, 4);

(reason === '' ? describe : describe.skip)(`outages${reason}`, () => {
  const temporary = temporaryDirectory();
  const mail = new MailServer();
  let services: ServiceProcesses;
  let load: SignInLoad;
  let ports: { kafka: number; postgres: number };

  const directory = (name: 'kafka' | 'postgres') =>
    name === 'postgres' ? `/var/tmp/sparekey-outages-${process.pid}` : `${temporary.path}/kafka`;
  const server = (name: 'kafka' | 'postgres', action: 'start' | 'stop') =>
    localServer(`${ROOT}/deploy/local/${name}.sh`, action, directory(name), ports[name]);
  const pidOf = (name: 'kafka' | 'postgres') => {
    const file = name === 'kafka' ? 'kafka.pid' : 'data/postmaster.pid';
    return Number(readFileSync(`${directory(name)}/${file}`, 'utf8').split('\n')[0]);
  };

  beforeAll(async () => {
    ports = { kafka: await freePort(), postgres: await freePort() };
    const [{ KAFKA_BROKERS }, { DATABASE_URL }] = await Promise.all([
      server('kafka', 'start'),
      server('postgres', 'start'),
    ]);
    await mail.start();
    services = await ServiceProcesses.start({
      ...(here as TestServers), // the log is the one that the environment names, if any
      kafkaBrokers: KAFKA_BROKERS!,
      databaseUrl: DATABASE_URL!,
      replicas: { relay: 2, verification: 2 },
      startsAt: Date.now(),
      environment: { SPAREKEY_SMTP_URL: mail.url },
    });
    load = await SignInLoad.begin(services, mail, KAFKA_BROKERS!, PEOPLE);
  }, 180_000);

  // whatever a test left away, the next one begins with all of it
  afterEach(async () => {
    await Promise.all([server('kafka', 'start'), server('postgres', 'start')]);
    await services.standIn?.order({ order: 'mend' });
  }, 60_000);

  afterAll(async () => {
    await services?.close();
    await mail.stop();
    await Promise.all([server('kafka', 'stop'), server('postgres', 'stop')]);
    rmSync(directory('postgres'), { recursive: true });
    temporary.remove();
  }, 60_000);

  test('Kafka killed in mid-flow: sign-ins go on meanwhile, and everything is said when it is back', async () => {
    const before = (await load.wholeLog()).length;
    process.kill(pidOf('kafka'), 'SIGKILL');
    for (let round = 0; round < ROUNDS; round++)
      expect(new Set(await load.everybodySignsIn())).toEqual(new Set([200]));
    await load.notify();
    expect((await load.wholeLog()).length).toBeGreaterThan(before);
    const ready = await services.api('GET', '/health/ready');
    expect(ready.status).toBe(503);
    expect(JSON.stringify(ready.body.faults)).toContain('kafka');
    const verification = await fetch(`${services.fleet.members('verification')[0]!.url}/health/ready`);
    expect(verification.status).toBe(200); // it says what it waits for, and goes on
    await server('kafka', 'start');
    await load.recovers();
    await load.expectNothingLost();
    expect((await services.api('GET', '/health/ready')).status).toBe(200);
  }, 180_000);

  test('PostgreSQL killed in mid-flow: what needs it waits, and goes on when it is back', async () => {
    const audit = () => load.acme.operator('GET', '/audit?limit=1').then(({ status }) => status);
    expect(await audit()).toBe(200);
    process.kill(pidOf('postgres'), 'SIGKILL');
    await sleep(200);
    expect(await audit()).toBe(503);
    for (const status of await load.everybodySignsIn()) expect([200, 503]).toContain(status);
    await server('postgres', 'start');
    await load.recovers();
    await load.notify();
    await load.expectNothingLost();
    expect(await audit()).toBe(200);
  }, 180_000);

  test.each([...SERVICES, 'gateway', 'relay'] as const)(
    '%s killed in mid-flow comes back, and nothing is lost',
    async (member) => {
      const meanwhile = (async () => {
        for (let round = 0; round < ROUNDS; round++) await load.everybodySignsIn();
        await load.notify().catch(() => undefined); // the process that was to answer may be the one that is gone
      })();
      await sleep(30);
      services.fleet.members(member)[0]!.process.kill();
      await meanwhile;
      await services.fleet.ready();
      await load.recovers();
      await load.expectNothingLost();
    },
    180_000,
  );

  test('of two relays one publishes; when it is killed in the middle of a batch the other goes on', async () => {
    const publishing = async () => {
      const figures = await Promise.all(
        services.fleet.members('relay').map(({ url }) =>
          fetch(`${url}/metrics`).then(
            (answer) => answer.text(),
            () => '',
          ),
        ),
      );
      const standingBy = figures.filter((text) => /relay_publishing 0/.test(text));
      for (const text of standingBy) expect(text).toMatch(/relay_behind_events 0$/m); // which is the other one's work
      return figures.map((text) => /relay_publishing 1/.test(text));
    };
    for (let kills = 0; kills < ROUNDS; kills++) {
      for (let tries = 0; tries < 300 && !(await publishing()).includes(true); tries++) await sleep(100);
      const active = await publishing();
      expect(active.filter(Boolean)).toHaveLength(1);
      const meanwhile = load.notify();
      services.fleet.members('relay')[active.indexOf(true)]!.process.kill();
      await meanwhile;
      await load.everybodySignsIn();
    }
    await load.expectNothingLost();
  }, 240_000);

  onStandIn(
    'connections to the log dropped and subscriptions stalled: everything is heard all the same',
    async () => {
      await services.standIn!.order({ order: 'stall-subscriptions' });
      for (let round = 0; round < ROUNDS; round++)
        expect(new Set(await load.everybodySignsIn())).toEqual(new Set([200]));
      await services.settle(); // heard although no subscription speaks
      await services.standIn!.order({ order: 'drop-connections' });
      await load.recovers();
      await services.standIn!.order({ order: 'mend' });
      await load.notify();
      await load.expectNothingLost();
    },
    120_000,
  );

  onStandIn(
    'acknowledgements lost and nodes that do not lead: nothing is done twice, and nothing half',
    async () => {
      await services.standIn!.order({ order: 'lose-acknowledgements', appends: 5, how: 'unavailable' });
      for (const status of await load.everybodySignsIn()) expect([200, 503]).toContain(status);
      await services.standIn!.order({ order: 'answer-not-leader', calls: 3 });
      for (const status of await load.everybodySignsIn()) expect([200, 503]).toContain(status);
      await services.standIn!.order({ order: 'mend' });
      await load.recovers();
      await load.expectNothingLost();
    },
    120_000,
  );

  onStandIn(
    'the log stands still: everybody is answered in time, told why, and it goes on when the log does',
    async () => {
      const members = [...SERVICES, 'gateway', 'relay'] as const;
      const timed = async <T>(answer: Promise<T>): Promise<T> => {
        const since = performance.now();
        const answered = await answer;
        expect(performance.now() - since).toBeLessThan(ANSWERS_WITHIN);
        return answered;
      };
      const ready = async (member: Member) => {
        const answer = await fetch(`${services.fleet.members(member)[0]!.url}/health/ready`);
        return { status: answer.status, body: await answer.text() };
      };
      process.kill(services.standIn!.process.pid!, 'SIGSTOP');
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const opened = load.people.flatMap(({ userId }) => [
            load.acme.open(userId),
            load.acme.open(userId),
          ]);
          const [statuses, told] = await Promise.all([
            Promise.all(opened.map((one) => timed(one.then(({ status }) => status)))),
            Promise.all(members.map((member) => timed(ready(member)))),
          ]);
          expect(new Set(statuses)).toEqual(new Set([503]));
          for (const { status, body } of told) {
            expect(status).toBe(503);
            expect(body).toContain('the event store is unavailable: it does not answer in time');
          }
        }
      } finally {
        process.kill(services.standIn!.process.pid!, 'SIGCONT');
      }
      await load.recovers();
      await load.expectNothingLost();
    },
    120_000,
  );

  onStandIn(
    'the log itself killed and back: what was acknowledged is there',
    async () => {
      services.standIn!.process.kill();
      for (const status of await load.everybodySignsIn()) expect([0, 200, 503]).toContain(status);
      await load.recovers();
      await load.expectNothingLost();
    },
    120_000,
  );
});
