import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { temporaryDirectory, Tenant } from '@sparekey/testing';
import { ServiceProcesses, servicesHere, StandInProcess, type TestServers } from '@sparekey/testing/services';

/* Others use the same EventStoreDB, and write much more than Sparekey: before, between and behind what is ours. */

const FOREIGN = 200_000;
/** Of a hundred answers so many may take longer, for the machine is busy: the stand-in takes a core to search what others wrote. */
const WITHIN_MS = [
  [5, 100],
  [1, 400],
  [0, 1_000],
] as const;
const ROUNDS = 5;
const MEMBERS: readonly Member[] = [...SERVICES, 'relay', 'gateway'];

const here = servicesHere();
const isHere = typeof here !== 'string';
const suite = isHere ? describe : describe.skip;

suite(`beside neighbours${isHere ? '' : ` (${here})`}`, () => {
  const temporary = [temporaryDirectory(), temporaryDirectory()] as const;
  let standIn: StandInProcess;
  let services: ServiceProcesses | undefined;

  const launch = async () => {
    services = await ServiceProcesses.start({ ...(here as TestServers), eventStoreUrl: standIn.url });
  };
  const members = () => MEMBERS.flatMap((member) => services!.fleet.members(member));
  const restart = async () => {
    for (const { process } of members()) await process.end();
    return timed(async () => {
      for (const { process } of members()) process.start();
      await services!.fleet.ready();
    });
  };

  afterAll(async () => {
    await services?.close();
    await standIn?.stop();
    for (const one of temporary) one.remove();
  }, 60_000);

  const fill = () => standIn.order({ order: 'fill', events: FOREIGN });

  /** How long all of them take to say whether they are ready, and what they counted (milliseconds, the longest last). */
  async function answerTimes(): Promise<readonly number[]> {
    const asked = members().flatMap(({ url }) => ['/health/ready', '/metrics'].map((path) => url + path));
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) for (const url of asked) times.push(await timed(() => requireOk(url)));
    return times.sort((a, b) => a - b);
  }

  test('a start takes little longer, and nobody waits for who looks in', async () => {
    standIn = await StandInProcess.start({ directory: temporary[0].path });
    const alone = { first: await timed(launch), again: await restart() };
    await services!.close();
    await standIn.stop();

    standIn = await StandInProcess.start({ directory: temporary[1].path });
    await fill();
    const first = await timed(launch);
    const acme = await Tenant.create(services!.api, services!.operatorToken);
    await acme.enrol('ada', () => Date.now());
    const before = await answerTimes();
    await fill();
    await acme.enrol('bob', () => Date.now());
    const between = await answerTimes();
    await fill();
    const behind = await answerTimes();
    const again = await restart();
    const restarted = await answerTimes();

    expect(first).toBeLessThan(mayTake(alone.first));
    expect(again).toBeLessThan(mayTake(alone.again));
    for (const times of [before, between, behind, restarted]) {
      for (const [longer, ms] of WITHIN_MS)
        expect(times[Math.ceil(times.length * (1 - longer / 100)) - 1]).toBeLessThanOrEqual(ms);
    }
  }, 400_000);
});

/** Beside others, for a start that takes so long alone (milliseconds). */
const mayTake = (alone: number) => 1.2 * alone + 5_000;

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
