import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually, Tenant, totpCode, type Person } from '@sparekey/testing';
import {
  caughtMails,
  containersHere,
  HardenedContainer,
  readImages,
  ServiceContainers,
  type Mail,
} from '@sparekey/testing/containers';
import { Wait } from 'testcontainers';

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

  test('also runs as one process from the same image, with one volume and one port', async () => {
    const operatorToken = 'an operator token of this test only';
    const image = readImages(process.env).services;
    const container = await new HardenedContainer(image)
      .withTmpFs({ '/tmp': 'rw', '/app/data': 'rw,mode=1777' })
      .withEnvironment({ SPAREKEY_OPERATOR_TOKEN: operatorToken.replaceAll(' ', '-') })
      .withExposedPorts(4000)
      .withCommand(['apps/standalone/dist/main.js'])
      .withWaitStrategy(Wait.forLogMessage(/"msg":"ready"/))
      .start();
    const url = `http://${container.getHost()}:${container.getMappedPort(4000)}`;
    const authorization = `Bearer ${operatorToken.replaceAll(' ', '-')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const domain = { method: 'PUT', headers, body: JSON.stringify({ displayName: 'Acme' }) };
    expect((await fetch(`${url}/v1/domains/acme`, domain)).status).toBe(201);
    await container.stop();
  });

  test('the image says its version and revision, and is smaller than 200 MB beside Node', async () => {
    const image = readImages(process.env).services;
    const say = (format: string) =>
      spawnSync('docker', ['image', 'inspect', '-f', format, image], { encoding: 'utf8' }).stdout;
    const labels = JSON.parse(say('{{json .Config.Labels}}')) as Record<string, string>;
    expect(labels['org.opencontainers.image.version']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(labels['org.opencontainers.image.revision']).toMatch(/^[0-9a-f]{40}$/);
    const size = spawnSync(
      'docker',
      [
        'run',
        '--rm',
        '--entrypoint',
        'sh',
        image,
        '-c',
        'du -sk /app | cut -f1; du -sk /app/node_modules/node-linux-* | cut -f1',
      ],
      { encoding: 'utf8' },
    );
    const [all = 0, node = 0] = size.stdout.trim().split('\n').map(Number);
    expect(node).toBeGreaterThan(0);
    expect((all - node) / 1_024).toBeLessThan(200);
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
