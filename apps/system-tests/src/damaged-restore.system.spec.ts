import { randomBytes } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Standalone, temporaryDirectory, Tenant, type Person } from '@sparekey/testing';
import { MASTER_KEY_CLASSES } from '@sparekey/vault';

/*
 * A data directory that was restored badly. Whatever is missing, older, damaged or another's is named with the way on, and
 * nothing is made anew beside events.
 */

const temporary = temporaryDirectory();
const whole = join(temporary.path, 'whole');
const early = join(temporary.path, 'early');
let restored = 0;
let acme: Tenant;
let ada: Person;
afterAll(() => temporary.remove());

beforeAll(async () => {
  const standalone = await Standalone.start({ dataDirectory: whole });
  acme = await Tenant.create(standalone.api, standalone.operatorToken);
  ada = await acme.enrol('ada', () => Date.now());
  await standalone.end();
  cpSync(whole, early, { recursive: true });
  const again = await Standalone.start({ dataDirectory: whole });
  await acme.through(again.api).enrol('bob', () => Date.now());
  await again.end();
}, 60_000);

/** A copy of the data, changed. @returns what starting on it says, and whether it got ready */
async function start(
  change: (directory: string) => void,
): Promise<{ ready: boolean; said: string; path: string }> {
  const path = join(temporary.path, `restored-${++restored}`);
  cpSync(whole, path, { recursive: true });
  change(path);
  try {
    const standalone = await Standalone.start({ dataDirectory: path, patience: 15_000 });
    await standalone.end();
    return { ready: true, said: '', path };
  } catch (error) {
    return { ready: false, said: (error as Error).message, path };
  }
}

const anotherKey = (directory: string, keyClass: string) => {
  const file = join(directory, keyClass === 'pepper' ? 'peppers' : 'master-keys');
  const other = randomBytes(32).toString('base64url');
  const text = readFileSync(file, 'utf8').replace(
    new RegExp(`^${keyClass}\\.1=.*$`, 'm'),
    `${keyClass}.1=${other}`,
  );
  writeFileSync(file, text);
};

test('as it was, it starts, and people sign in', async () => {
  const { ready, path } = await start(() => undefined);
  expect(ready).toBe(true);
  const standalone = await Standalone.start({ dataDirectory: path });
  const { body } = await acme.through(standalone.api).open('ada');
  const answer = { method: 'recovery-code', code: ada.codes[0] };
  expect((await acme.through(standalone.api).answer(body.challengeId as string, answer)).status).toBe(200);
  await standalone.end();
});

test.each([
  [
    'without keys.db',
    (path: string) => rmSync(join(path, 'keys.db')),
    /keys\.db: the key ring is missing or empty.*restore/,
  ],
  [
    'with keys.db of before somebody came',
    (path: string) => copyFileSync(join(early, 'keys.db'), join(path, 'keys.db')),
    /keys\.db: the key ring is older than the log.*restore a newer backup/,
  ],
  [
    'with a truncated keys.db',
    (path: string) => truncateSync(join(path, 'keys.db'), 9_000),
    /keys\.db is damaged .*restore it from a backup/,
  ],
  [
    'with a truncated log.db',
    (path: string) => truncateSync(join(path, 'log.db'), 20_000),
    /log\.db is damaged .*restore it from a backup/,
  ],
  [
    'with a log.db of something else',
    (path: string) => writeFileSync(join(path, 'log.db'), 'x'.repeat(9_000)),
    /log\.db is damaged .*restore it from a backup/,
  ],
  [
    'with an emptied keys.db',
    (path: string) => truncateSync(join(path, 'keys.db'), 0),
    /keys\.db: the key ring is missing or empty/,
  ],
])('%s it says so in one line and does not start', async (_, change, line) => {
  const { ready, said } = await start(change);
  expect(ready).toBe(false);
  expect(said).toMatch(line);
  expect(said).not.toMatch(/\n\s+at /); // no stack
});

test("with another installation's keys.db it says whose it is not", async () => {
  const other = join(temporary.path, 'other');
  await (await Standalone.start({ dataDirectory: other })).end();
  const { ready, said } = await start((path) => copyFileSync(join(other, 'keys.db'), join(path, 'keys.db')));
  expect([ready, said]).toEqual([false, expect.stringMatching(/another installation's/)]);
}, 60_000);

test.each([...MASTER_KEY_CLASSES, 'pepper'])(
  'with another key of class %s it names the class and makes nothing anew',
  async (keyClass) => {
    const { ready, said } = await start((path) => anotherKey(path, keyClass));
    expect(ready).toBe(false);
    expect(said).toMatch(
      keyClass === 'pepper'
        ? /peppers: the pepper is not the one/
        : new RegExp(`class ${keyClass} is not the one`),
    );
  },
);

test('with damaged read models it makes them again and goes on', async () => {
  for (const name of ['views.db', 'listeners.db'])
    expect(await start((path) => truncateSync(join(path, name), 9_000))).toMatchObject({ ready: true });
});

test('a data directory of the version before has its keys introduced at its first start, and is proven from then on', async () => {
  const { path } = await start(() => undefined);
  expect(existsSync(join(path, 'keys.db'))).toBe(true);
  const { DatabaseSync } = await import('node:sqlite');
  const former = join(temporary.path, 'former');
  cpSync(whole, former, { recursive: true });
  const log = new DatabaseSync(join(former, 'log.db'));
  log.exec(
    "DELETE FROM event WHERE type = 'KeysIntroduced'; DELETE FROM stream WHERE name LIKE 'installation-%'",
  );
  log.close();
  const ring = new DatabaseSync(join(former, 'keys.db'));
  ring.exec("DELETE FROM secret WHERE name = '.identity'; DELETE FROM ring WHERE subject = '.canary'");
  ring.close();
  await (await Standalone.start({ dataDirectory: former })).end();
  anotherKey(former, 'factor');
  await expect(Standalone.start({ dataDirectory: former })).rejects.toThrow(/class factor is not the one/);
}, 60_000);
