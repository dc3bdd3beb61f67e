import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { MailServer, temporaryDirectory } from '@sparekey/testing';
import {
  EventStoreDbCluster,
  ServiceProcesses,
  servicesHere,
  type TestServers,
} from '@sparekey/testing/services';
import { SignInLoad } from './sign-in-load.ts';

/*
 * The services on an EventStoreDB of three nodes (stand-ins), of which some fail while people sign in: sign-ins go on soon after the
 * cluster can, nothing is lost or doubled, no process ends, and no connection stays.
 */

const here = servicesHere();
const isHere = typeof here !== 'string';
const MEMBERS: readonly Member[] = [...SERVICES, 'relay', 'gateway'];
const PEOPLE = 8;
const NODES = 3;
/** From when the cluster can until everybody has signed in. */
const ABLE_AGAIN_MS = 6_000;
/** A connection that nobody uses is given up after a while. */
const SETTLED_MS = 5_000;
/** Connections to Kafka and PostgreSQL are made as they are needed. */
const MORE_FILES = 4;

/** What a process that is ready tells of itself; the relay tells of no files and no heap. */
interface Figures {
  readonly rejections: number;
  /** Open ones, sockets among them. */
  readonly files: number;
  readonly heap: number;
}

async function figuresOf(url: string): Promise<Figures> {
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) => new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1];
  return {
    rejections: Number(figure('sparekey_unhandled_rejections')), // none told is no zero
    files: Number(figure('process_open_fds') ?? 0),
    heap: Number(figure('nodejs_heap_size_used_bytes') ?? 0),
  };
}

const heapOf = (figures: readonly Figures[]) => figures.reduce((sum, { heap }) => sum + heap, 0);

(isHere ? describe : describe.skip)(`on three nodes${isHere ? '' : ` (${here})`}`, () => {
  const temporary = temporaryDirectory();
  const mail = new MailServer();
  let cluster: EventStoreDbCluster;
  let services: ServiceProcesses;
  let load: SignInLoad;
  /** What the processes told of themselves after the first outage. */
  let afterFirst: readonly Figures[] | undefined;

  const processes = () => MEMBERS.flatMap((member) => services.fleet.members(member));
  const pids = () => processes().map(({ process }) => process.pid);

  beforeAll(async () => {
    cluster = await EventStoreDbCluster.start(temporary.path);
    await mail.start();
    services = await ServiceProcesses.start({
      ...(here as TestServers),
      eventStoreUrl: cluster.url,
      replicas: { verification: 2, relay: 2 },
      startsAt: Date.now(),
      environment: { SPAREKEY_SMTP_URL: mail.url },
    });
    load = await SignInLoad.begin(services, mail, (here as TestServers).kafkaBrokers, PEOPLE);
  }, 180_000);
  afterAll(async () => {
    await services?.close();
    await mail.stop();
    await cluster?.close();
    temporary.remove();
  }, 60_000);

  /** @param outage fails, and resolves when the cluster can again @param mend brings back what is still away */
  async function survive(
    outage: () => Promise<void>,
    mend: () => Promise<void> | void = () => undefined,
  ): Promise<void> {
    const before = pids();
    let isOver = false;
    const signingIn = (async () => {
      while (!isOver)
        for (const status of await load.everybodySignsIn()) expect([200, 503]).toContain(status);
    })();
    await sleep(1_000);
    await outage();
    await cluster.able();
    isOver = true; // whoever is waiting is answered first
    const able = performance.now();
    await signingIn;
    await load.recovers();
    expect(performance.now() - able).toBeLessThan(ABLE_AGAIN_MS);
    await mend();
    await load.notify();
    await load.expectNothingLost();
    expect(pids()).toEqual(before);
    await sleep(SETTLED_MS);
    expect(cluster.connections).toBeLessThanOrEqual(NODES * (processes().length + 1)); // and the one of this test
    const figures = await Promise.all(processes().map(({ url }) => figuresOf(url)));
    expect(figures.map(({ rejections }) => rejections)).toEqual(figures.map(() => 0));
    afterFirst ??= figures;
    for (const [n, { files }] of figures.entries())
      expect(files).toBeLessThanOrEqual(afterFirst[n]!.files + MORE_FILES);
    expect(heapOf(figures)).toBeLessThan(1.5 * heapOf(afterFirst));
  }

  test('a leader that is killed, and comes back', async () => {
    const leader = cluster.leader!;
    await survive(
      () => cluster.kill(leader),
      () => cluster.revive(leader),
    );
  }, 120_000);

  test('a leader that resigns', () => survive(async () => cluster.resign()), 120_000);

  test('followers that are killed one after the other, until there is no quorum', async () => {
    const [one, other] = cluster.followers;
    await survive(
      async () => {
        await cluster.kill(one!);
        await cluster.kill(other!);
        await sleep(3_000);
        await cluster.revive(one!);
      },
      () => cluster.revive(other!),
    );
  }, 120_000);

  test.each([10_000, 35_000])(
    'a leader that stands still for %d ms',
    async (ms) => {
      const leader = cluster.leader!;
      let thaws!: Promise<void>;
      await survive(
        async () => {
          cluster.freeze(leader);
          thaws = sleep(ms).then(() => cluster.thaw(leader));
        },
        () => thaws,
      );
    },
    180_000,
  );
});
