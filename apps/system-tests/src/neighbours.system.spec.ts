import { SERVICES } from '@sparekey/hosting';
import type { Member } from '@sparekey/hosting/fleet';
import { temporaryDirectory, Tenant } from '@sparekey/testing';
import {
  EventStoreDbStandIn,
  ServiceProcesses,
  servicesHere,
  writeAsStranger,
  type TestServers,
} from '@sparekey/testing/services';

/* Others use the same EventStoreDB, and write much more than Sparekey: before, between and behind what is ours. */

const FOREIGN = 200_000;
const WITHIN_MS = 100;
const ROUNDS = 5;

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

  /** The longest that any process takes to say whether it is ready, and what it counted. */
  async function slowest(): Promise<number> {
    const members: Member[] = [...SERVICES, 'relay', 'gateway'];
    const urls = members.flatMap((member) => services!.fleet.members(member).map(({ url }) => url));
    const asked = urls.flatMap((url) => ['/health/ready', '/metrics'].map((path) => url + path));
    const times: number[] = [];
    for (let n = 0; n < ROUNDS; n++) for (const url of asked) times.push(await timed(() => requireOk(url)));
    return Math.max(...times);
  }

  test('a start takes little longer, and nobody waits for who looks in', async () => {
    standIn = await EventStoreDbStandIn.start({ directory: temporary[0].path });
    const alone = await timed(launch);
    await services!.close();
    await standIn.stop();

    standIn = await EventStoreDbStandIn.start({ directory: temporary[1].path });
    await writeAsStranger(standIn.url, FOREIGN);
    const beside = await timed(launch);
    const acme = await Tenant.create(services!.api, services!.operatorToken);
    await acme.enrol('ada', () => Date.now());
    const before = await slowest();
    await writeAsStranger(standIn.url, FOREIGN);
    await acme.enrol('bob', () => Date.now());
    const between = await slowest();
    await writeAsStranger(standIn.url, FOREIGN);
    const behind = await slowest();
    console.info({ alone, beside, before, between, behind });
    expect(beside).toBeLessThan(1.2 * alone + 5_000);
    expect(Math.max(before, between, behind)).toBeLessThan(WITHIN_MS);
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
