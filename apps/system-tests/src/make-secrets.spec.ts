import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@sparekey/testing';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SERVICES = ['audit', 'enrollment', 'identity', 'notification', 'recovery', 'verification'];

let temporary: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  temporary = temporaryDirectory();
  for (const name of ['secrets', 'database', 'prepare', ...SERVICES.map((name) => `services/${name}`)])
    mkdirSync(`${temporary.path}/${name}`, { recursive: true });
});
afterEach(() => temporary.remove());

const make = () => {
  const folders = ['secrets', 'database', 'services', 'prepare'].map((name) => `${temporary.path}/${name}`);
  const { status, stderr } = spawnSync(process.execPath, [
    `${ROOT}/deploy/docker/make-secrets.mjs`,
    ...folders,
  ]);
  expect({ status, stderr: String(stderr) }).toMatchObject({ status: 0 });
};
const read = (file: string) => readFileSync(`${temporary.path}/${file}`, 'utf8');
const classes = (name: string) =>
  [...read(`services/${name}/master-keys`).matchAll(/^(\w+)\./gm)].map(([, one]) => one);

test('in containers each service is given the keys that it opens, and no other', () => {
  make();
  expect(Object.fromEntries(SERVICES.map((name) => [name, classes(name)]))).toEqual({
    audit: ['contact', 'context'],
    enrollment: ['contact', 'factor'],
    identity: ['contact', 'password', 'context', 'signing', 'browser'],
    notification: ['contact', 'message', 'notice'],
    recovery: ['contact', 'codes'],
    verification: ['contact', 'factor', 'codes', 'context', 'signing', 'challenge'],
  });
  const peppered = SERVICES.filter((name) =>
    readdirSync(`${temporary.path}/services/${name}`).includes('peppers'),
  );
  expect(peppered).toEqual(['identity', 'recovery', 'verification']);
});

test('what is there stays, and is laid out again, also after an interrupted start', () => {
  make();
  writeFileSync(`${temporary.path}/services/audit/master-keys.new`, 'half', { mode: 0o444 });
  writeFileSync(`${temporary.path}/services/audit/master-keys`, 'of before');
  const digest = 'services/audit/operator-token-digest';
  const [keys, known] = [read('secrets/master-keys'), read(digest)];
  make();
  expect(classes('audit')).toEqual(['contact', 'context']);
  expect(read('secrets/master-keys')).toBe(keys);
  expect(read(digest)).toBe(known);
});

test('no service is given the operator’s token, nor connects as another', () => {
  make();
  const token = read('secrets/operator-token');
  expect(read('services/audit/operator-token-digest')).toBe(createHash('sha256').update(token).digest('hex'));
  for (const name of SERVICES) {
    const files = readdirSync(`${temporary.path}/services/${name}`);
    for (const file of files) expect(read(`services/${name}/${file}`)).not.toContain(token);
    for (const file of ['database-url', 'keyring-database-url']) {
      const { username, password } = new URL(read(`services/${name}/${file}`));
      expect([username, password]).toEqual([name, read(`prepare/role-${name}`)]);
    }
  }
  expect(new URL(read('prepare/database-url')).username).toBe('sparekey');
});
