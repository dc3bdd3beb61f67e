import { readFileSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const rows = [
  ...readFileSync(`${ROOT}/docs/eventstoredb-answers.md`, 'utf8').matchAll(
    /^\| (\d+) +\|.*\| `([\w.-]+)`: (.*?) +\| (server|stand-in|neither) +\|$/gm,
  ),
].map(([, seen, spec, name]) => ({ seen: Number(seen), spec: spec!, name: name! }));

test('names a test for each of the eleven things that were seen', () => {
  expect([...new Set(rows.map(({ seen }) => seen))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

test.each(rows)('$spec has "$name"', ({ spec, name }) => {
  const [file] = globSync(`{libs,apps}/**/src/**/${spec}`, { cwd: ROOT });
  expect(readFileSync(`${ROOT}/${file}`, 'utf8')).toContain(`'${name}'`);
});
