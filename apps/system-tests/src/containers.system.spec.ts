import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually, Tenant, totpCode, type Person } from '@sparekey/testing';
import { caughtMails, containersHere, ServiceContainers, type Mail } from '@sparekey/testing/containers';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const here = containersHere();
const isHere = typeof here !== 'string';
/** Nobody in another file has this name: the mail catcher is one for all. */
const ADA = 'ada-in-containers';
const note = isHere
  ? `the event store is ${process.env.SPAREKEY_TEST_EVENTSTORE_IS ?? 'EventStoreDB'}`
  : here;

(isHere ? describe : describe.skip)(`everything in containers (${note})`, () => {
  let containers: ServiceContainers;
  let acme: Tenant;
  let ada: Person;
  const now = () => Date.now();

  beforeAll(async () => {
    containers = await ServiceContainers.start(here as Exclude<typeof here, string>);
    acme = await Tenant.create(containers.api, containers.operatorToken);
    ada = await acme.enrolBefore(ADA);
  }, 180_000);
  afterAll(() => containers?.close(), 120_000);

  test('is ready, with every service behind the one address', async () => {
    const { status, body } = await containers.api('GET', '/health/ready');
    expect(status).toBe(200);
    expect(Object.keys(body.services).sort()).toEqual([
      'audit',
      'enrollment',
      'identity',
      'notification',
      'recovery',
      'verification',
    ]);
  });

  test('lets a person sign in with a password and the code of an authenticator app, once', async () => {
    const account = await acme.account(ADA);
    const code = { method: 'totp', code: totpCode(ada.secret, now()) };
    expect(await acme.fullSession(account, () => code)).toMatch(/^\S+$/);
    expect((await acme.answer(await acme.challenge(ADA), code)).status).toBe(403);
  });

  test('takes a recovery code once', async () => {
    const code = { method: 'recovery-code', code: ada.codes[6] };
    const ids = await Promise.all([1, 2, 3, 4].map(() => acme.challenge(ADA)));
    const answers = await Promise.all(ids.map((id) => acme.answer(id, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    expect((await acme.answer(await acme.challenge(ADA), code)).status).toBe(403);
  });

  test('shows it in the audit log, and tells the person by mail', async () => {
    const used = await eventually(async () => {
      const { body } = await acme.operator('GET', `/audit?user=${ADA}&limit=200`);
      return body.items?.find(
        ({ action, method }: Record<string, string>) => action === 'code.used' && method === 'recovery-code',
      );
    });
    expect(used).toMatchObject({ outcome: 'success', code: { batchId: ada.batchId, number: 7 } });
    const isTold = ({ to, text }: Mail) =>
      to === `${ADA}@acme.example` && /recovery code.+was used/i.test(text);
    await eventually(async () => (await caughtMails()).some(isTold) || undefined);
  });
});

const compose = [['docker', 'compose'], ['docker-compose']].find(
  ([command = '', ...more]) => spawnSync(command, [...more, 'version']).status === 0,
);
const composeNote = compose ? `by ${compose.join(' ')}` : 'not run: there is no docker compose';

(compose ? test : test.skip)(`docker-compose.yml is valid (${composeNote})`, () => {
  const [command = '', ...more] = compose!;
  const { status, stdout, stderr } = spawnSync(command, [...more, 'config'], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  // as Compose 1 writes a port that is published, and as Compose 2 does
  const published = [...stdout.matchAll(/^\s+- \S*\d+:\d+(?:\/tcp)?$|^\s+(?:- )?published: /gm)];
  const onLoopback = [
    ...stdout.matchAll(/^\s+- 127\.0\.0\.1:\d+:\d+(?:\/tcp)?$|^\s+host_ip: 127\.0\.0\.1$/gm),
  ];
  expect(published).toHaveLength(2); // the gateway and the mail catcher's page
  expect(onLoopback).toHaveLength(2);
});
