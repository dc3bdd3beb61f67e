/**
 * What a sign-in costs on separate services: `npm run bench -- --services`, with KAFKA_BROKERS and DATABASE_URL set. Processor is
 * that of our own processes alone; calls are those that reach the stand-in for EventStoreDB, whoever makes them.
 */
import { readFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '@sparekey/hosting/fleet';
import { Tenant, totpCode } from '@sparekey/testing';
import { ServiceProcesses, servicesHere } from '@sparekey/testing/services';

const MEMBERS = [
  'gateway',
  'verification',
  'enrollment',
  'recovery',
  'notification',
  'audit',
  'identity',
  'relay',
] as const;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
const PEOPLE = 600;
/** Connections and sign-ins: first everybody once, whom no process knows yet, and then some of them again. */
const STEPS = [
  [16, 600],
  [1, 120],
  [16, 200],
  [64, 280],
] as const;
/** So long after a sign-in everybody has heard of it, and is done with it. */
const FOLLOWS_MS = 1_000;
const STEP_MS = 30_000;
const AT_REST_MS = 2 * STEP_MS + 1_000;

interface Cost {
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor for a sign-in, by process. */
  readonly processor: ReadonlyMap<Member, number>;
  readonly reads: number;
  readonly appends: number;
}

const listed = (processor: readonly (readonly [Member, number])[]): string =>
  processor.map(([name, one]) => `${name} ${one.toFixed(1)}`).join(', ');

const here = servicesHere();
if (typeof here === 'string') throw new Error(here);
const services = await ServiceProcesses.start({
  ...here,
  connections: 128,
  environment: { LOG_LEVEL: 'warn' },
});
try {
  const acme = await Tenant.create(services.api, services.operatorToken);
  const { body: policy, headers } = await acme.operator('GET', '/policy');
  const fewCodes = { ...policy, recoveryCodes: { ...policy.recoveryCodes, count: 8 } };
  const { status } = await acme.operator('PUT', '/policy', fewCodes, { 'if-match': String(headers.etag) });
  if (status !== 200) console.log(`the policy stays as it is (${status})`);
  const people = await inLanes(
    16,
    Array.from({ length: PEOPLE }, (_, n) => n),
    (n) => acme.enrol(`p${n}`, () => Date.now()),
  );
  await services.settle();
  const atRest = processorOf();
  await sleep(AT_REST_MS); // the code with which they enrolled is behind all that are good then
  const rested = [...processorOf()].map(([name, ms]): [Member, number] => [
    name,
    (ms - atRest.get(name)!) / (AT_REST_MS / 1_000),
  ]);
  console.log(`processor at rest, ms/s: ${listed(rested)}`);
  // each person has two codes that are good now and stay so for a while, the second later than the first
  const shots = [0, 1].flatMap((step) => people.map(({ userId, secret }) => ({ userId, secret, step })));
  const costs: Cost[] = [];
  for (const [connections, count] of STEPS) costs.push(await measure(connections, shots.splice(0, count)));
  console.log('the first row is of people whom nobody has seen since the start');
  report(costs);

  async function measure(connections: number, signIns: typeof shots): Promise<Cost> {
    await services.storeCalls();
    const before = processorOf();
    const times = createHistogram();
    const began = performance.now();
    await inLanes(connections, signIns, async ({ userId, secret, step }) => {
      const challenge = await acme.challenge(userId);
      const from = performance.now();
      const code = totpCode(secret, Date.now() + step * STEP_MS);
      const { status, body } = await acme.answer(challenge, { method: 'totp', code });
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      times.record(Math.max(1, Math.round((performance.now() - from) * 1_000)));
    });
    const seconds = (performance.now() - began) / 1_000;
    const calls = await services.storeCalls();
    await sleep(FOLLOWS_MS); // nobody is asked meanwhile whether it is done: to answer costs more than a sign-in
    const after = processorOf();
    await services.settle();
    return {
      connections,
      perSecond: signIns.length / seconds,
      p50: times.percentile(50) / 1_000,
      p99: times.percentile(99) / 1_000,
      processor: new Map(
        MEMBERS.map((name) => [name, (after.get(name)! - before.get(name)!) / signIns.length]),
      ),
      reads: calls.read / signIns.length,
      appends: calls.write / signIns.length,
    };
  }
} finally {
  await services.close();
}

function processorOf(): ReadonlyMap<Member, number> {
  return new Map(
    MEMBERS.map((name) => {
      const ticks = services.fleet.members(name).map(({ process: { pid } }) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
        return Number(fields[11]) + Number(fields[12]); // user and system
      });
      return [name, ticks.reduce((sum, one) => sum + one, 0) * TICK_MS];
    }),
  );
}

async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const n = next++;
      results[n] = await work(items[n]!);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

function report(costs: readonly Cost[]): void {
  const rows = costs.map(({ connections, perSecond, p50, p99, processor, reads, appends }) => ({
    connections,
    'sign-ins/s': Math.round(perSecond),
    'answer p50 · p99': `${p50.toFixed(0)} · ${p99.toFixed(0)} ms`,
    'processor ms': Math.round([...processor.values()].reduce((sum, one) => sum + one, 0) * 10) / 10,
    'of it': listed([...processor]),
    'reads · appends': `${reads.toFixed(1)} · ${appends.toFixed(1)}`,
  }));
  for (const row of rows)
    console.log(
      Object.entries(row)
        .map(([name, one]) => `${name}: ${one}`)
        .join(' | '),
    );
  console.table(rows.map(({ 'of it': _, ...row }) => row));
}
