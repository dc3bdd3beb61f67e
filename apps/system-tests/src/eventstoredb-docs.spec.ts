import { readFileSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const rows = [
  ...readFileSync(`${ROOT}/docs/eventstoredb-answers.md`, 'utf8').matchAll(
    /^\| (\d+) +\|.*\| `([\w.-]+)`: (.*?) +\| (server|stand-in|neither) +\|$/gm,
  ),
].map(([, seen, spec, name, on]) => ({ seen: Number(seen), spec: spec!, name: name!, on: on! }));

test('names a test for each of the eleven things that were seen', () => {
  expect([...new Set(rows.map(({ seen }) => seen))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

/** Where a test runs, as its file has it. */
function runsOn(text: string, name: string): string {
  const before = text.slice(0, text.indexOf(`'${name}'`));
  if (/\bonStandIn\b(?:(?!\b(?:test|it)\b[.(]).)*$/s.test(before)) return 'stand-in';
  if (/EVENTSTORE_URL|servicesHere|EventStoreDbLog/.test(text) && !OWN_STAND_IN.test(text)) return 'server';
  return OWN_STAND_IN.test(text) ? 'stand-in' : 'neither';
}
/** Started whatever the environment names. */
const OWN_STAND_IN =
  /(?<!if \(!named\).*)\b(?:EventStoreDbStandIn|EventStoreDbCluster|GuardedStandIn|StandInProcess)\.start/;

test.each(rows)('$spec has "$name", which runs on: $on', ({ spec, name, on }) => {
  const [file] = globSync(`{libs,apps}/**/src/**/${spec}`, { cwd: ROOT });
  const text = readFileSync(`${ROOT}/${file}`, 'utf8');
  expect(text).toContain(`'${name}'`);
  expect(runsOn(text, name)).toBe(on);
});
