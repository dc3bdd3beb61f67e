/**
 * What a sign-in costs on separate services: `npm run bench -- --services`, with KAFKA_BROKERS and DATABASE_URL set. Processor is
 * that of our own processes alone; calls are those that reach the stand-in for EventStoreDB, whoever makes them.
 */
import { readFileSync } from 'node:fs';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
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
/** Processes that have just started compile what they run: after everybody's first sign-in so many more come, by 64 at once. */
const WARM_UP = 300;
/** Connections and sign-ins: few enough that there are codes for them soon, so that the processes hardly rest before a row. */
const ROWS = [
  [1, 150],
  [16, 250],
  [64, 300],
] as const;
/** So long after a sign-in everybody has heard of it, and is done with it. */
const FOLLOWS_MS = 1_000;
const STEP_MS = 30_000;
const AT_REST_MS = 30_000;
/** Texts that the yardstick reads and writes. */
const TEXTS = 200_000;

/** One who signs in, and the last step of 30 s (RFC 6238) of which a code was used. */
interface SignsIn {
  readonly userId: string;
  readonly secret: string;
  step: number;
}

interface Cost {
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor for a sign-in, by process, and what all of them take in that time at rest. */
  readonly processor: ReadonlyMap<Member, number>;
  readonly atRest: number;
  /** Calls to the stand-in; nothing where EVENTSTORE_URL names a server, which does not count them for us. */
  readonly calls: { readonly reads: number; readonly appends: number } | undefined;
  /** What {@link yardstick} took just before and just after, milliseconds: the same work, whatever the version. */
  readonly yardstick: number;
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
    async (n): Promise<SignsIn> => {
      const { userId, secret } = await acme.enrol(`p${n}`, () => Date.now());
      return { userId, secret, step: stepNow() };
    },
  );
  people.sort((a, b) => a.step - b.step);
  let turn = 0;
  await services.settle();
  const atRest = processorOf();
  await sleep(AT_REST_MS);
  const rested = [...processorOf()].map(([name, ms]): [Member, number] => [
    name,
    (ms - atRest.get(name)!) / (AT_REST_MS / 1_000),
  ]);
  const restingMsPerSecond = rested.reduce((sum, [, ms]) => sum + ms, 0);
  console.log(`processor at rest, ms/s: ${listed(rested)}`);
  const seenByNobody = await measure(16, PEOPLE);
  await signIns(64, WARM_UP);
  const costs = [seenByNobody];
  for (const [connections, count] of ROWS) costs.push(await measure(connections, count));
  console.log('the first row is of people who have not signed in yet, in processes that have just started');
  report(costs);

  /** Each person in turn, with a code that is good now, or for the next step, and later than their last one. */
  async function signIns(connections: number, count: number): Promise<RecordableHistogram> {
    const times = createHistogram();
    await inLanes(connections, Array.from({ length: count }), async () => {
      const person = people[turn++ % PEOPLE]!;
      const step = (person.step = Math.max(person.step + 1, stepNow()));
      await untilStep(step - 1);
      const challenge = await acme.challenge(person.userId);
      const from = performance.now();
      const code = totpCode(person.secret, step * STEP_MS);
      const { status, body } = await acme.answer(challenge, { method: 'totp', code });
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      times.record(Math.max(1, Math.round((performance.now() - from) * 1_000)));
    });
    return times;
  }

  async function storeCalls(): Promise<{ readonly read: number; readonly write: number } | undefined> {
    return services.standIn?.order({ order: 'count-calls' });
  }

  async function measure(connections: number, count: number): Promise<Cost> {
    await untilStep(people[(turn + count - 1) % PEOPLE]!.step); // nobody waits for a code of theirs while it measures
    await sleep(FOLLOWS_MS);
    const yardBefore = yardstick();
    await storeCalls();
    const before = processorOf();
    const began = performance.now();
    const times = await signIns(connections, count);
    const seconds = (performance.now() - began) / 1_000;
    await sleep(FOLLOWS_MS); // nobody is asked meanwhile whether it is done: to answer costs more than a sign-in
    const after = processorOf();
    const calls = await storeCalls();
    await services.settle();
    return {
      connections,
      perSecond: count / seconds,
      p50: times.percentile(50) / 1_000,
      p99: times.percentile(99) / 1_000,
      processor: new Map(MEMBERS.map((name) => [name, (after.get(name)! - before.get(name)!) / count])),
      atRest: (restingMsPerSecond * (seconds + FOLLOWS_MS / 1_000)) / count,
      calls: calls && { reads: calls.read / count, appends: calls.write / count },
      yardstick: (yardBefore + yardstick()) / 2,
    };
  }
} finally {
  await services.close();
}

/** Processor that a fixed piece of work takes: figures of two runs are told apart from what the machine had left for them. */
function yardstick(): number {
  const before = process.cpuUsage();
  let length = 0;
  for (let n = 0; n < TEXTS; n++) length += JSON.stringify(JSON.parse(`{"id":"${n}","at":[${n},1]}`)).length;
  const { user, system } = process.cpuUsage(before);
  if (length === 0) throw new Error('the yardstick did nothing');
  return (user + system) / 1_000;
}

function stepNow(): number {
  return Math.floor(Date.now() / STEP_MS);
}

async function untilStep(step: number): Promise<void> {
  const wait = step * STEP_MS - Date.now();
  if (wait > 0) await sleep(wait);
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
  const rows = costs.map(({ connections, perSecond, p50, p99, processor, atRest, calls, yardstick }) => ({
    connections,
    'sign-ins/s': Math.round(perSecond),
    'answer p50 · p99': `${p50.toFixed(0)} · ${p99.toFixed(0)} ms`,
    'processor ms': Math.round([...processor.values()].reduce((sum, one) => sum + one, 0) * 10) / 10,
    'of it at rest': atRest.toFixed(1),
    'of it': listed([...processor]),
    'reads · appends': calls ? `${calls.reads.toFixed(1)} · ${calls.appends.toFixed(1)}` : 'not counted',
    yardstick: Math.round(yardstick),
  }));
  for (const row of rows)
    console.log(
      Object.entries(row)
        .map(([name, one]) => `${name}: ${one}`)
        .join(' | '),
    );
  const ofEach = (processor: Cost['processor']) =>
    Object.fromEntries([...processor].map(([name, one]) => [name, one.toFixed(1)]));
  console.table(rows.map(({ 'of it': _, ...row }, n) => ({ ...row, ...ofEach(costs[n]!.processor) })));
}
