// Makes, as the owner of both databases, the tables that services share, and for each service the role as which it connects.
// It changes nothing where it was run before, and runs before every start: tables of a newer version come this way.
//
//   prepare-databases.mjs FOLDER      with database-url, keyring-database-url and a file role-NAME for each service
import { readdirSync, readFileSync } from 'node:fs';
import { prepareDatabases, roleOf } from '@sparekey/hosting/services';

const [folder] = process.argv.slice(2);
const read = (file) => readFileSync(`${folder}/${file}`, 'utf8').trim();

const names = readdirSync(folder).flatMap((file) => /^role-(.+)$/.exec(file)?.[1] ?? []);
const roles = names.map(async (name) => {
  const { service } = await import(new URL(`../../apps/${name}/dist/service.js`, import.meta.url));
  return roleOf(service, { name, password: read(`role-${name}`) });
});
const owned = {
  databaseUrl: read('database-url'),
  keyRingUrl: read('keyring-database-url'),
  allowPlaintext: true,
};
await prepareDatabases(owned, await Promise.all(roles));
console.log(`roles of ${names.join(', ')}`);
