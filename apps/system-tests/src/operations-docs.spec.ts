import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const operations = readFileSync(`${ROOT}/docs/operations.md`, 'utf8');

/** What is logged as a warning or an error, and by which file. */
const logged = globSync('{libs,apps}/**/src/**/*.ts', {
  cwd: ROOT,
  exclude: (path) =>
    /node_modules|testing|\.spec\.ts$|apps\/(console|eventstoredb-stand-in|local)/.test(path),
}).flatMap((file) =>
  [
    ...readFileSync(`${ROOT}/${file}`, 'utf8').matchAll(/\b(?:logger|log)\??\.(?:warn|error)\(([^;]*)\)/g),
  ].flatMap(([, given]) =>
    [...given!.matchAll(/'([a-z][^'{}]* [^'{}]*|[a-z]+(?=',?\s*$))'/g)].map(([, said]): [string, string] => [
      said!,
      file,
    ]),
  ),
);

test('what is logged is found', () => expect(logged.length).toBeGreaterThan(20));

test.each(logged)('operators read what “%s” means (%s)', (said) => expect(operations).toContain(said));
