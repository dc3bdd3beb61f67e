import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Standalone, temporaryDirectory, Tenant } from '@sparekey/testing';

let path: string;
let remove: () => void;
let standalone: Standalone | undefined;

beforeEach(() => {
  ({ path, remove } = temporaryDirectory());
});
afterEach(async () => {
  await standalone?.end('SIGKILL');
  standalone = undefined;
  remove();
});

const start = async (environment: Record<string, string> = {}) =>
  (standalone = await Standalone.start({ dataDirectory: path, environment, connections: 64 }));
const now = () => Date.now();

test('a client that keeps its connection open does not keep the process from stopping', async () => {
  const running = await start();
  const { port } = new URL(running.url);
  const idle = connect(Number(port), '127.0.0.1');
  const started = connect(Number(port), '127.0.0.1');
  await Promise.all([once(idle, 'connect'), once(started, 'connect')]);
  started.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(started, 'data');
  const began = performance.now();
  expect(await running.end('SIGTERM')).toBe(0);
  expect(performance.now() - began).toBeLessThan(5_000);
  idle.destroy();
  started.destroy();
});

test('three hundred halves of a body keep nobody waiting, and are gone within 17 s', async () => {
  const { api, operatorToken, url } = await start();
  const { hostname, port } = new URL(url);
  const head = 'POST /v1/identity/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json';
  const began = now();
  const cut = Array.from({ length: 300 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined); // cut off is what is wanted
    socket.resume();
    socket.write(`${head}\r\ncontent-length: 500\r\n\r\n{"domain"`);
    return once(socket, 'close');
  });
  await sleep(500);
  const asked = now();
  expect((await api('GET', '/v1/domains', { token: operatorToken })).status).toBe(200);
  expect(now() - asked).toBeLessThan(1_000);
  await Promise.all(cut);
  expect(now() - began).toBeLessThan(17_000);
});

describe('starting', () => {
  test('is refused while another process has the data directory', async () => {
    await start();
    const second = await Standalone.start({ dataDirectory: path }).catch((error: Error) => error.message);
    expect(second).toContain('in use by another process');
  });

  test('names every fault of the environment with its variable, and shows no secret', () => {
    const main = new URL('../../standalone/dist/main.js', import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, [main], {
      env: {
        PORT: '99999',
        LOG_LEVEL: 'loud',
        SPAREKEY_OPERATOR_TOKEN: 'too-short-zebra',
        SPAREKEY_PUBLIC_URL: 'http://sparekey.example.org',
        SPAREKEY_DATA_DIR: path,
      },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    for (const name of ['PORT', 'LOG_LEVEL', 'SPAREKEY_OPERATOR_TOKEN', 'SPAREKEY_PUBLIC_URL'])
      expect(stderr).toContain(`${name}: `);
    expect(stderr).not.toContain('zebra');
    expect(stderr).not.toContain('    at ');
  });

  test('makes its secrets once, readable by their owner only, and says where they are', async () => {
    const first = await start();
    const token = first.operatorToken;
    const keys = readFileSync(join(path, 'master-keys'), 'utf8');
    expect(first.output.join('')).toContain(join(path, 'master-keys'));
    expect(first.output.join('')).not.toContain(token);
    await first.end();
    const second = await start();
    expect(second.operatorToken).toBe(token);
    expect(readFileSync(join(path, 'master-keys'), 'utf8')).toBe(keys);
    for (const name of readdirSync(path))
      expect([name, statSync(join(path, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test('makes no new keys or peppers where there are events: what is missing has to be restored', async () => {
    const { api, operatorToken } = await start();
    await Tenant.create(api, operatorToken);
    await standalone!.end();
    for (const file of ['peppers', 'master-keys']) {
      const kept = readFileSync(join(path, file));
      rmSync(join(path, file));
      const failed = await Standalone.start({ dataDirectory: path }).catch((error: Error) => error.message);
      expect(failed).toContain(`${file} is missing although there are events`);
      expect(failed).not.toContain('    at ');
      writeFileSync(join(path, file), kept, { mode: 0o600 });
    }
    await start();
  });

  test('asks for a class of keys that an older list lacks, with the line to add', async () => {
    await start();
    await standalone!.end();
    const file = join(path, 'master-keys');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace(/^password.*\n/m, ''));
    const failed = await Standalone.start({ dataDirectory: path }).catch((error: Error) => error.message);
    expect(failed).toContain('no key for password; add password.1=');
    writeFileSync(file, whole);
    await start();
  });

  test('says that its port is taken', async () => {
    const { url } = await start();
    const other = temporaryDirectory();
    const failed = await Standalone.start({
      dataDirectory: other.path,
      environment: { PORT: new URL(url).port },
    }).catch((error: Error) => error.message);
    expect(failed).toContain('HOST, PORT: cannot listen');
    other.remove();
  });

  test('takes the operator token from the environment, and then makes none', async () => {
    const token = 'operator-token-of-the-environment';
    const { api } = await start({ SPAREKEY_OPERATOR_TOKEN: token });
    expect((await api('PUT', '/v1/domains/acme', { token, body: { displayName: 'Acme' } })).status).toBe(201);
    expect(existsSync(join(path, 'operator-token'))).toBe(false);
  });
});

const canMount =
  process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;
// a disk that is full needs a disk of one's own: a small tmpfs, which only root can mount
(canMount ? describe : describe.skip)('a full disk', () => {
  test('refuses with 503, keeps what it acknowledged and nothing else, and goes on when there is room', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', path]);
    try {
      const running = await start();
      const acme = await Tenant.create(running.api, running.operatorToken);
      const put = async (userId: string) => ({
        userId,
        ...(await acme.service('PUT', `/users/${userId}`, { emails: [`${userId}@acme.example`] })),
      });
      const answers: Awaited<ReturnType<typeof put>>[] = [];
      while (answers.filter(({ status }) => status === 503).length < 20) {
        const from = answers.length;
        answers.push(...(await Promise.all(Array.from({ length: 64 }, (_, n) => put(`user-${from + n}`)))));
        expect(answers.length).toBeLessThan(20_000);
      }
      for (const { status, body, userId } of answers) {
        expect([userId, status]).toEqual([userId, status === 503 ? 503 : 201]);
        if (status === 503) expect(['not-ready', 'vault-unavailable']).toContain(body.code);
      }
      execFileSync('mount', ['-o', 'remount,size=64m', path]);
      for (const { status, userId } of answers) {
        const shown = await acme.service('GET', `/users/${userId}/security`);
        expect([userId, shown.status]).toEqual([userId, status === 201 ? 200 : 404]);
      }
      expect((await put('after')).status).toBe(201);
      expect(await running.end()).toBe(0);
    } finally {
      await standalone?.end('SIGKILL');
      execFileSync('umount', [path]);
    }
  });
});
