/**
 * Measures what docs/performance.md claims, beside a floor program in the same run. Prints a table and writes
 * bench-results.json; `--short` runs small numbers, for a look and for CI. Never a test: figures are judged by people.
 */
import { writeFileSync } from 'node:fs';
import { floor, product, type Subject } from './answers.ts';
import { keysBesideCodes } from './keys.ts';
import { closedLoop, openLoop, type Load } from './load.ts';
import { bigStore, commits, idle, pastSignIns } from './others.ts';
import { overKafka } from './over-kafka.ts';
import { listening, pages, pastOf, rebuild } from './remembered.ts';

if (process.argv.includes('--services')) {
  await import('./services.ts');
  process.exit(0);
}
const short = process.argv.includes('--short');
const size = (full: number, brief: number) => (short ? brief : full);
const ROUNDS = size(5, 2);

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly beside: string;
  readonly ratio: string;
  readonly target: string;
}
const rows: Row[] = [];
const raw: Record<string, unknown> = { node: process.version, short };

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
const ms = (value: number) => `${value.toFixed(1)} ms`;
const times = (value: number) => `${value.toFixed(2)} ×`;

function report(what: string, figure: string, beside: string, ratio: string, target: string): void {
  rows.push({ what, figure, beside, ratio, target });
  console.log(`${what}: ${figure}, beside ${beside}: ${ratio} (target ${target})`);
}

/** Rounds in turn, so that a machine that changes its pace changes it for both. */
async function inTurn(
  ours: Subject,
  theirs: Subject,
  connections: number,
  count: number,
): Promise<[Load, Load][]> {
  const rounds: [Load, Load][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const [shots, beside] = [await ours.take(count), await theirs.take(count)];
    const their = await closedLoop(theirs.url, connections, beside);
    const our = await closedLoop(ours.url, connections, shots);
    if (our.failures + their.failures > 0)
      throw new Error(`${our.failures} of ours failed, ${their.failures} of theirs`);
    if (round > 0) rounds.push([our, their]); // the first one warms up
  }
  return rounds;
}

function summarize(rounds: readonly [Load, Load][]) {
  return {
    ours: median(rounds.map(([our]) => our.perSecond)),
    theirs: median(rounds.map(([, their]) => their.perSecond)),
    ratio: median(rounds.map(([our, their]) => our.perSecond / their.perSecond)),
    p99: median(rounds.map(([our]) => our.p99)),
    theirP99: median(rounds.map(([, their]) => their.p99)),
    rounds,
  };
}

const counts = { 1: size(1_500, 300), 16: size(5_000, 1_000), 64: size(10_000, 2_000) };
const atHalf = size(12_000, 2_000);
const beside = size(8_000, 1_500);
const seeded = (counts[1] + counts[16] + counts[64] + beside) * (ROUNDS + 1) + atHalf + 64;

const ours = await product(seeded);
const theirs = await floor();
let peak = { ours: 0, theirs: 0 };
for (const connections of [1, 16, 64] as const) {
  const {
    ours: our,
    theirs: their,
    ratio,
    p99,
    theirP99,
    rounds,
  } = summarize(await inTurn(ours, theirs, connections, counts[connections]));
  peak = { ours: our, theirs: their };
  raw[`answers ${connections}`] = rounds;
  report(
    `durable TOTP answers, ${connections} connections`,
    perSecond(our),
    perSecond(their),
    times(ratio),
    connections === 64 ? '≥ 0.70 ×' : '–',
  );
  report(`p99 of them, ${connections} connections`, ms(p99), ms(theirP99), times(p99 / theirP99), '–');
}

const [half, floorHalf] = [await ours.take(atHalf), await theirs.take(atHalf)];
const theirHalf = await openLoop(theirs.url, peak.ours / 2, floorHalf);
const ourHalf = await openLoop(ours.url, peak.ours / 2, half);
raw['half rate'] = { ourHalf, theirHalf };
report(
  `p99 at half of our peak (${perSecond(peak.ours / 2)})`,
  ms(ourHalf.p99),
  ms(theirHalf.p99),
  times(ourHalf.p99 / theirHalf.p99),
  '≤ 3 ×',
);
await theirs.stop();

const big = await bigStore(size(1_000_000, 30_000), beside * (ROUNDS + 1) + 64);
const filled = summarize(await inTurn(big.subject, ours, 64, beside));
raw['big store'] = filled.rounds;
report(
  `an answer with ${big.events.toLocaleString('en')} events in the store, 64 connections`,
  perSecond(filled.ours),
  perSecond(filled.theirs),
  times(1 / filled.ratio),
  '≤ 1.25 ×',
);
await big.subject.stop();
await ours.stop();

const keys = await keysBesideCodes(size(4_000, 800), 64, ROUNDS);
raw.keys = keys;
report(
  'answers by security key (ES256) beside codes, 64 connections',
  perSecond(median(keys.map(([key]) => key.load.perSecond))),
  perSecond(median(keys.map(([, code]) => code.load.perSecond))),
  times(median(keys.map(([key, code]) => key.load.perSecond / code.load.perSecond))),
  '–',
);
report(
  'processor of an answer by key beside one by code',
  `${median(keys.map(([key]) => key.processor)).toFixed(2)} ms`,
  `${median(keys.map(([, code]) => code.processor)).toFixed(2)} ms`,
  times(median(keys.map(([key, code]) => key.processor / code.processor))),
  '–',
);

const past = await pastSignIns(size(100_000, 2_000), size(400, 100));
raw['past sign-ins'] = past;
report(
  `an answer for a user with ${past.count.toLocaleString('en')} past sign-ins`,
  ms(past.old),
  ms(past.fresh),
  times(past.old / past.fresh),
  '≤ 1.1 ×',
);
report(
  'the same, first one after a start',
  ms(past.cold),
  ms(past.coldFresh),
  times(past.cold / past.coldFresh),
  '–',
);

const committed = await commits(size(40_000, 5_000));
raw.commits = committed;
report(
  'appends of 64 writers, group commit',
  perSecond(committed.group),
  perSecond(committed.single),
  times(committed.group / committed.single),
  '≥ 8 ×',
);

const history = await pastOf(size(1_000_000, 30_000));
const rebuilt = await rebuild(history);
raw.rebuild = rebuilt;
report(
  `audit log from zero, ${history.events.toLocaleString('en')} events`,
  perSecond(rebuilt.ours),
  perSecond(rebuilt.floor),
  times(rebuilt.ours / rebuilt.floor),
  '≥ 0.50 ×',
);
const megabytes = (value: number) => `${value.toFixed(0)} MB`;
report(
  'heap in use at its end, beside after a tenth',
  megabytes(rebuilt.late),
  megabytes(rebuilt.early),
  times(rebuilt.late / rebuilt.early),
  'flat',
);
const read = await pages(history, size(500, 100));
raw.pages = read;
for (const [what, p99] of Object.entries(read))
  report(`p99 of a first page of the audit log, ${what}`, ms(p99), '–', '–', '≤ 20 ms');
history.remove();
const heard = await listening(size(500, 100));
raw.listening = heard;
report('p99 from append to listener', ms(heard.p99), ms(heard.p50), '(median)', '≤ 20 ms');

const brokers = process.env.KAFKA_BROKERS;
if (brokers) {
  const over = await overKafka(brokers, size(500, 100), size(50_000, 10_000));
  raw.overKafka = over;
  report('p99 from append to listener over Kafka', ms(over.p99), ms(over.p50), '(median)', '≤ 100 ms');
  report(
    'events through the relay to a listener',
    perSecond(over.relayed),
    perSecond(over.floor),
    times(over.relayed / over.floor),
    '–',
  );
} else report('over Kafka', 'not run', 'KAFKA_BROKERS is not set', '–', '–');

const still = await idle(size(5, 3));
raw.idle = still;
report('start to ready', ms(median(still.ready)), '–', '–', '≤ 2,000 ms');
report('memory, idle', `${still.megabytes.toFixed(0)} MB`, '–', '–', '≤ 160 MB');

console.log('');
console.table(rows);
writeFileSync('bench-results.json', `${JSON.stringify({ rows, raw }, null, 2)}\n`);
