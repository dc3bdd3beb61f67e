/**
 * Schemathesis asks one process everything that the OpenAPI document tells of, in all the forms that it allows and in some that
 * it does not: as operator, as service and as person.
 *
 *   check-api.ts PYTHON SECONDS      a Python that has it, and how long it may generate for each of the three
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Standalone, temporaryDirectory, Tenant, totpCode } from '@sparekey/testing';

const [python = 'python3', seconds = '60'] = process.argv.slice(2);
const CONFIG = fileURLToPath(new URL('schemathesis.toml', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../docs/api/openapi.json', import.meta.url));

const temporary = temporaryDirectory();
const running = await Standalone.start({ dataDirectory: temporary.path });
let failed = 0;
try {
  const acme = await Tenant.create(running.api, running.operatorToken);
  const person = await acme.enrolBefore('ada');
  const account = await acme.account('ada');
  const code = () => ({ method: 'totp', code: totpCode(person.secret, Date.now()) });
  const callers = {
    operator: running.operatorToken,
    service: acme.token,
    person: await acme.fullSession(account, code),
  };
  for (const [name, token] of Object.entries(callers)) {
    process.stdout.write(`\n== as ${name}\n`);
    const environment = { ...process.env, SPAREKEY_TOKEN: token };
    const session = name === 'person' ? ['signOut', 'changePassword', 'endSession', 'endSessions'] : []; // they end the session in which everything else is asked
    const args = [
      '-m',
      'schemathesis.cli',
      '--config-file',
      CONFIG,
      'run',
      DOCUMENT,
      '--url',
      running.url,
      '--max-time',
      seconds,
      ...session.flatMap((id) => ['--exclude-operation-id', id]),
    ];
    const child = spawn(python, args, { stdio: 'inherit', env: environment, cwd: temporary.path });
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) failed++;
  }
  const told = running.output.join('').match(/"level":"error".*/g) ?? [];
  // a provider that was registered need not be there, and is then said to be away
  const faults = told.filter((line) => !line.includes('"cause":"not-ready: fetch failed"'));
  for (const fault of faults.slice(0, 10)) process.stdout.write(`${fault}\n`);
  if (faults.length > 0) failed++;
} finally {
  await running.end();
  rmSync(temporary.path, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
