import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DataDirectory } from '@sparekey/sqlite';
import { Standalone, temporaryDirectory } from '@sparekey/testing';

/* An event that this version does not understand stands in the log: who hears it parks it, and everything else flows. */

const CLI = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));
const { path, remove } = temporaryDirectory();
const eventId = randomUUID();
let standalone: Standalone;

function sparekey(...args: string[]): { code: number | null; out: string } {
  const token = ['--token-file', `${path}/operator-token`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [CLI, '--url', standalone.url, ...token, ...args],
    { encoding: 'utf8', timeout: 30_000 },
  );
  return { code: status, out: stdout + stderr };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(100);
}
const followers = async () => (await standalone.api('GET', '/health/ready')).body.followers;

beforeAll(async () => {
  standalone = await Standalone.start({ dataDirectory: path });
  const { operatorToken: token } = standalone;
  await standalone.api('PUT', '/v1/domains/acme', { token, body: { displayName: 'Acme' } });
  const body = { emails: ['ada@acme.example'] };
  await standalone.api('PUT', '/v1/domains/acme/users/ada', { token, body });
  await standalone.end();
  const directory = new DataDirectory(path);
  await directory.openEventStore().append('factors-acme.ada', 0, [
    {
      id: eventId,
      type: 'FactorRemoved',
      version: 99,
      time: Date.now(),
      domain: 'acme',
      subject: 'ada',
      actor: { kind: 'system', id: 'test' },
      correlationId: randomUUID(),
      causationId: randomUUID(),
      data: { factorId: randomUUID() },
    },
  ]);
  await directory.close();
  standalone = await Standalone.start({ dataDirectory: path });
}, 30_000);
afterAll(async () => {
  await standalone.end();
  remove();
});

test('it is parked with its cause, sign-ins go on, and read models say that they are behind', async () => {
  await until(async () => (await followers()).parked === 1);
  const { rooms, projections } = await followers();
  expect(rooms.notification.behind).toBe(0);
  expect(projections.audit.behind).toBeGreaterThan(0);
  const { operatorToken: token } = standalone;
  expect((await standalone.api('PUT', '/v1/domains/acme/users/bob', { token, body: {} })).status).toBe(201);
  const listed = sparekey('parked', 'list');
  expect(listed.out).toContain(`notification  ${eventId}  FactorRemoved`);
  const shown = sparekey('parked', 'show', 'notification', eventId);
  expect(shown.out).toContain('version 99 is from the future');
  const retried = sparekey('--json', 'parked', 'retry', 'notification', eventId);
  expect(retried.code).toBe(1);
  expect(JSON.parse(retried.out)).toMatchObject({ state: 'parked', attempts: 6 });
});

test('after the mend it is retried by command, and read models catch up by themselves', async () => {
  const log = new DatabaseSync(join(path, 'log.db'));
  log.exec('UPDATE event SET version = 1 WHERE version = 99');
  log.close();
  expect(sparekey('parked', 'retry').out).toContain(`handled  notification  ${eventId}`);
  expect(sparekey('parked', 'list').out).toContain('nothing is parked');
  await until(async () => {
    const { projections } = await followers();
    return projections.audit?.behind === 0 && projections.directory?.behind === 0;
  });
  const rebuilt = sparekey('--json', 'projections', 'rebuild', 'audit');
  expect(JSON.parse(rebuilt.out)).toMatchObject({ name: 'audit', state: 'live', generation: 2, behind: 0 });
  expect(sparekey('projections', 'rebuild', 'never').code).toBe(1);
}, 60_000);

test('the development inbox shows what would have gone out, to the operator and nobody else', async () => {
  const { operatorToken: token } = standalone;
  expect((await standalone.api('GET', '/dev/inbox')).status).toBe(401);
  await until(async () => (await standalone.api('GET', '/dev/inbox', { token })).body.items.length > 0);
  const { body } = await standalone.api('GET', '/dev/inbox', { token });
  expect(body.items[0]).toMatchObject({
    channel: 'email',
    to: 'ada@acme.example',
    subject: 'A sign-in method was removed',
  });
  const page = await standalone.api('GET', '/dev/inbox', { token, headers: { accept: 'text/html' } });
  expect(page.body).toContain('<div id="page"></div>'); // in a browser a page shows the same
});
