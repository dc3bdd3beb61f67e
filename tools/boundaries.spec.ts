import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { SERVICES } from '@sparekey/hosting';
import config from '../.dependency-cruiser.mjs';

const ROOT = join(import.meta.dirname, '..');
const FIXTURES = join(import.meta.dirname, 'forbidden-imports');

interface Fixture {
  readonly file: string;
  readonly standsAt: string;
  readonly refusedBy: string;
  readonly text: string;
}

const fixtures: Fixture[] = readdirSync(FIXTURES).map((file) => {
  const text = readFileSync(join(FIXTURES, file), 'utf8');
  const [, standsAt, refusedBy] = /^\/\/ stands at: (.+)\n\/\/ refused by: (.+)\n/.exec(text)!;
  return { file, standsAt: standsAt!, refusedBy: refusedBy!, text };
});

/** The sources of the house in another place, where forbidden files can stand without being in the way. */
function copyOfTheHouse(): string {
  const copy = mkdtempSync(join(tmpdir(), 'sparekey-house-'));
  const isSource = (path: string) => !/\/(node_modules|dist|\.nx)(\/|$)/.test(path.slice(ROOT.length));
  for (const part of ['apps', 'libs', 'deploy', 'tsconfig.json', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true, filter: isSource });
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@sparekey') symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name));
  }
  mkdirSync(join(copy, 'node_modules/@sparekey'));
  for (const name of readdirSync(join(ROOT, 'node_modules/@sparekey'))) {
    const link = `node_modules/@sparekey/${name}`;
    symlinkSync(join(copy, relative(ROOT, realpathSync(join(ROOT, link)))), join(copy, link));
  }
  return copy;
}

function cruise(house: string): { from: string; rule: { name: string } }[] {
  const cli = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      cli,
      'libs',
      'apps',
      'deploy',
      '--config',
      join(ROOT, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
    ],
    { cwd: house, encoding: 'utf8', maxBuffer: 1e8 },
  );
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } })
    .summary.violations;
}

describe('the walls of the house', () => {
  let house: string;
  beforeAll(() => {
    house = copyOfTheHouse();
  });
  afterAll(() => rmSync(house, { recursive: true, force: true }));

  test('know every room as a service, and every service as a room', () => {
    const [rooms = ''] = /ROOMS = '[^']+'/.exec(readFileSync(join(ROOT, '.dependency-cruiser.mjs'), 'utf8'))!;
    expect(rooms.slice(9, -1).split('|').sort()).toEqual([...SERVICES].sort());
  });

  test('stand', () => {
    expect(cruise(house)).toEqual([]);
  });

  test('refuse every forbidden import', () => {
    for (const { standsAt, text } of fixtures) {
      mkdirSync(dirname(join(house, standsAt)), { recursive: true });
      writeFileSync(join(house, standsAt), text);
    }
    const refused = cruise(house).map(({ from, rule }) => `${from} ${rule.name}`);
    for (const { standsAt, refusedBy } of fixtures) expect(refused).toContain(`${standsAt} ${refusedBy}`);
  });

  test('each has a file that it is seen to refuse', () => {
    const seen = new Set(fixtures.map(({ refusedBy }) => refusedBy));
    expect(config.forbidden.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});
