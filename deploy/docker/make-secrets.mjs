// Makes what is missing in two folders, and changes nothing that is there: the services' secrets, and the password of the
// database, which alone the database sees. Whoever has a folder may read it whole, so its files are readable by all.
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { generateMasterKeys, generatePeppers } from '@sparekey/vault';

const [services, database] = process.argv.slice(2);

function keep(file, make) {
  if (existsSync(file)) return;
  const handle = openSync(`${file}.new`, 'w', 0o444);
  writeSync(handle, make());
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.new`, file);
  console.log(`made ${file}`);
}

const random = () => randomBytes(32).toString('base64url');
const password = `${database}/password`;
keep(password, random);
const url = (name) => () =>
  `postgres://sparekey:${readFileSync(password, 'utf8')}@postgres:5432/${name}?sslmode=disable`;
keep(`${services}/database-url`, url('sparekey_views'));
keep(`${services}/keyring-database-url`, url('sparekey_keys'));
keep(`${services}/master-keys`, generateMasterKeys);
keep(`${services}/peppers`, generatePeppers);
keep(`${services}/operator-token`, random);
