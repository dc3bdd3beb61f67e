// Makes what is missing in two folders, and changes nothing that is there: the secrets of the installation, and the password
// of the database, which alone the database sees. Then it lays out for each service, in a folder of its own name, what that one
// works with and no more, and for who prepares the databases what that takes. Whoever has a folder may read it whole, so its
// files are readable by all.
//
//   make-secrets.mjs SECRETS DATABASE SERVICES PREPARE
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { generateMasterKeys, generatePeppers, withHandleKeys } from '@sparekey/vault';

const [secrets, database, services, prepare] = process.argv.slice(2);

/** What stands there in the same words stays as it is; what an interrupted start left behind does not. */
function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  rmSync(`${file}.new`, { force: true });
  const handle = openSync(`${file}.new`, 'w', 0o444);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
}

/** @returns what stands there in the end */
function keep(file, make) {
  if (!existsSync(file)) {
    write(file, make());
    console.log(`made ${file}`);
  }
  return readFileSync(file, 'utf8');
}

const random = () => randomBytes(32).toString('base64url');
const password = keep(`${database}/password`, random);
const url = (user, secret, name) => `postgres://${user}:${secret}@postgres:5432/${name}?sslmode=disable`;
const urlsOf = (user, secret) => ({
  'database-url': url(user, secret, 'sparekey_views'),
  'keyring-database-url': url(user, secret, 'sparekey_keys'),
});
const operatorToken = keep(`${secrets}/operator-token`, random).trim();
const operatorTokenDigest = createHash('sha256').update(operatorToken).digest('hex');
const masterKeys = keep(`${secrets}/master-keys`, generateMasterKeys);
const peppers = keep(`${secrets}/peppers`, generatePeppers);

for (const name of readdirSync(services)) {
  const { service } = await import(new URL(`../../apps/${name}/dist/service.js`, import.meta.url));
  const entries = withHandleKeys(masterKeys)
    .replaceAll(/^#.*$/gm, '')
    .split(/[\s,]+/);
  const opened = entries.filter((entry) => service.opens.includes(entry.split('.', 1)[0]));
  const role = keep(`${secrets}/role-${name}`, random);
  write(`${prepare}/role-${name}`, role);
  const given = {
    ...urlsOf(name, role),
    'operator-token-digest': operatorTokenDigest,
    'master-keys': `${opened.join('\n')}\n`,
    ...(service.opens.includes('pepper') && { peppers }),
  };
  for (const [file, text] of Object.entries(given)) write(`${services}/${name}/${file}`, text);
}
for (const [file, text] of Object.entries(urlsOf('sparekey', password))) write(`${prepare}/${file}`, text);
