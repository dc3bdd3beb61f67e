import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { temporaryDirectory, Tenant } from '@sparekey/testing';
import {
  EventStoreDbStandIn,
  ServiceProcesses,
  servicesHere,
  type TestServers,
} from '@sparekey/testing/services';

/* Others use the same EventStoreDB, and write much more than Sparekey: before, between and behind what is ours. */

const FOREIGN = 200_000;
/** One in twenty may be the machine's own; who waits for a search waits for seconds. */
const [WITHIN_MS, ALWAYS_WITHIN_MS] = [100, 1_000];
const ROUNDS = 5;
/** So soon the stand-in answers a small read where it has nothing else to do. */
const DONE_MS = 20;

const here = servicesHere();
const isHere = typeof here !== 'string';
const suite = isHere ? describe : describe.skip;

suite(`beside neighbours${isHere ? '' : ` (${here})`}`, () => {
  const temporary = [temporaryDirectory(), temporaryDirectory()] as const;
  let standIn: EventStoreDbStandIn;
  let services: ServiceProcesses | undefined;

  const launch = async () => {
    services = await ServiceProcesses.start({ ...(here as TestServers), eventStoreUrl: standIn.url });
  };

  afterAll(async () => {
    await services?.close();
    await standIn?.stop();
    for (const one of temporary) one.remove();
  }, 60_000);

  /** The stand-in has one thread: while it looks through what was just written, for who subscribed, it keeps everybody waiting. */
  async function standInIsDone(): Promise<void> {
    const client = services!.store;
    for (const until = Date.now() + 60_000; Date.now() < until; await sleep(500))
      if ((await timed(() => client.ping())) < DONE_MS) return;
  }

  /** How long all of them take to say whether they are ready, and what they counted (milliseconds, the longest last). */
  async function answerTimes(): Promise<readonly number[]> {
    await standInIsDone();
    const members: Member[] = [...SERVICES, 'relay', 'gateway'];
    const urls = members.flatMap((member) => services!.fleet.members(member).map(({ url }) => url));
    const asked = urls.flatMap((url) => ['/health/ready', '/metrics'].map((path) => url + path));
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) for (const url of asked) times.push(await timed(() => requireOk(url)));
    return times.sort((a, b) => a - b);
  }

  test('a start takes little longer, and nobody waits for who looks in', async () => {
    standIn = await EventStoreDbStandIn.start({ directory: temporary[0].path });
    const alone = await timed(launch);
    const limit = 1.2 * alone + 5_000;
    await services!.close();
    await standIn.stop();

    standIn = await EventStoreDbStandIn.start({ directory: temporary[1].path });
    await standIn.fill(FOREIGN);
    let beside = await timed(launch);
    if (beside > limit) {
      await services!.close();
      beside = await timed(launch); // once more: the machine may have been busy
    }
    const acme = await Tenant.create(services!.api, services!.operatorToken);
    await acme.enrol('ada', () => Date.now());
    const before = await answerTimes();
    await standIn.fill(FOREIGN);
    await acme.enrol('bob', () => Date.now());
    const between = await answerTimes();
    await standIn.fill(FOREIGN);
    const behind = await answerTimes();
    expect(beside).toBeLessThan(limit);
    for (const times of [before, between, behind]) {
      expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(WITHIN_MS);
      expect(times.at(-1)).toBeLessThan(ALWAYS_WITHIN_MS);
    }
  }, 400_000);
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
}

async function requireOk(url: string): Promise<void> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${text}`);
}
