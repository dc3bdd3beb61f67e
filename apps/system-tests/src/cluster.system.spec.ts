import { readdirSync } from 'node:fs';
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
const MORE_HEAP_MB = 20;
/** So long a process has to rest until it has given back the memory that it does not need. */
const RESTED_MS = 12_000;

/** What a process that is ready tells of itself, and its files as the system has them; relay and gateway tell of no heap of theirs. */
interface Figures {
  readonly rejections: number;
  /** Open ones, sockets among them. */
  readonly files: number;
  /** MB. */
  readonly heap: number;
}

async function figuresOf(url: string, pid: number): Promise<Figures> {
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  const text = await (await fetch(`${url}/metrics`)).text();
  const figure = (name: string) => new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1];
  return {
    rejections: Number(figure('sparekey_unhandled_rejections')), // none told is no zero
    files: readdirSync(`/proc/${pid}/fd`).length,
    heap: Number(figure('nodejs_heap_size_used_bytes') ?? 0) / 1_000_000,
  };
}

(isHere ? describe : describe.skip)(`on three nodes${isHere ? '' : ` (${here})`}`, () => {
  const temporary = temporaryDirectory();
  const mail = new MailServer();
  let cluster: EventStoreDbCluster;
  let services: ServiceProcesses;
  let load: SignInLoad;
  /** Before the first outage. */
  let before: { readonly pids: unknown; readonly connections: number; readonly figures: readonly Figures[] };
  let afterFirst: readonly Figures[] | undefined;

  const processes = () => MEMBERS.flatMap((member) => services.fleet.members(member));
  const pids = () => processes().map(({ process }) => process.pid);
  const figures = () => Promise.all(processes().map(({ url, process }) => figuresOf(url, process.pid!)));

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
    await load.recovers();
    await load.expectNothingLost();
    await sleep(RESTED_MS);
    before = { pids: pids(), connections: cluster.connections, figures: await figures() };
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
    const odd: number[] = [];
    let [isOver, allPassedAt] = [false, 0];
    const signingIn = (async () => {
      while (!isOver) {
        const statuses = await load.everybodySignsIn();
        odd.push(...statuses.filter((status) => ![200, 503].includes(status)));
        if (statuses.every((status) => status === 200)) allPassedAt = performance.now();
      }
    })();
    const allHavePassedSince = async (since: number) => {
      while (allPassedAt <= since) await sleep(20);
      return performance.now() - since;
    };
    try {
      await allHavePassedSince(performance.now());
      await outage();
      await cluster.able();
      expect(await allHavePassedSince(performance.now())).toBeLessThan(ABLE_AGAIN_MS);
      await mend();
    } finally {
      isOver = true;
      await signingIn;
    }
    expect(odd).toEqual([]);
    await load.recovers();
    await load.notify();
    await load.expectNothingLost();
    await sleep(SETTLED_MS);
    expect(pids()).toEqual(before.pids);
    const after = await figures();
    expect(after.map(({ rejections }) => rejections)).toEqual(after.map(() => 0));
    expect(cluster.connections).toBeLessThanOrEqual(NODES * before.connections); // one to each node at most
    afterFirst ??= after; // while a log hangs more requests are on their way, and their connections are kept
    for (const [n, { files }] of after.entries())
      expect(files).toBeLessThanOrEqual(afterFirst[n]!.files + MORE_FILES);
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

  test('leaves no process larger than it was', async () => {
    const isLarger = ({ heap }: Figures, n: number) => heap > before.figures[n]!.heap + MORE_HEAP_MB;
    for (let tries = 1; (await figures()).some(isLarger); tries++) {
      expect(tries).toBeLessThan(10); // garbage is collected sooner or later
      await sleep(RESTED_MS);
    }
  }, 180_000);
});
