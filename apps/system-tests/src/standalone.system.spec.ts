import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '@sparekey/event-sourcing';
import { DataDirectory } from '@sparekey/sqlite';
import {
  seedUsers,
  Standalone,
  temporaryDirectory,
  Tenant,
  totpCode,
  type SeededUser,
} from '@sparekey/testing';
import { KILLS, RACERS_AT_ONCE } from './scale.ts';

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

const start = async (environment: Record<string, string> = {}, connections = 64) =>
  (standalone = await Standalone.start({ dataDirectory: path, environment, connections }));
const now = () => Date.now();
const totp = ({ secret }: SeededUser) => ({ method: 'totp', code: totpCode(secret, now()) });

async function wholeLog(): Promise<StoredEvent[]> {
  const directory = new DataDirectory(path);
  const store = directory.openEventStore();
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position, 10_000);
    all.push(...page);
    if (page.length === 0) break;
  }
  await directory.close();
  return all;
}

const claimsOf = (result: string) =>
  JSON.parse(Buffer.from(result.split('.')[1]!, 'base64url').toString()) as {
    challengeRef: string;
    sub: string;
  };

describe('races against a running standalone', () => {
  test.each(['recovery code', 'authenticator code'])(
    `of ${RACERS_AT_ONCE} submissions of one %s exactly one passes`,
    async (kind) => {
      const [eve] = await seedUsers(path, 'acme', 1, 'eve');
      const { api, operatorToken } = await start({}, 256);
      const acme = await Tenant.create(api, operatorToken);
      const ada = await acme.enrol('ada', now);
      const userId = kind === 'recovery code' ? 'ada' : eve!.userId;
      const body = kind === 'recovery code' ? { method: 'recovery-code', code: ada.codes[9] } : totp(eve!);
      const ids = await Promise.all(Array.from({ length: 20 }, () => acme.challenge(userId)));
      const answers = await Promise.all(
        Array.from({ length: RACERS_AT_ONCE }, (_, n) => acme.answer(ids[n % ids.length]!, body)),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      for (const status of statuses) expect([200, 403, 409, 423]).toContain(status);
    },
  );
});

interface Acknowledged {
  readonly challengeId: string;
  readonly challengeRef: string;
}

/** Answers challenges, one after another in many lanes, until the process is gone. @returns what was acknowledged */
async function answerUntilKilled(
  acme: Tenant,
  users: SeededUser[],
  standalone: Standalone,
  after: number,
  /** Counted from the first acknowledgement, so that there is one however slow the machine is; else from the start. */
  fromFirst: boolean,
): Promise<Acknowledged[]> {
  const open: { user: SeededUser; challengeId: string }[] = [];
  const opening = users.map(async (user) =>
    open.push({ user, challengeId: await acme.challenge(user.userId) }),
  );
  await Promise.all(opening);
  const acknowledged: Acknowledged[] = [];
  const first = Promise.withResolvers<void>();
  const lane = async () => {
    for (let next = open.pop(); next; next = open.pop()) {
      const { user, challengeId } = next;
      const { status, body } = await acme.answer(challengeId, totp(user));
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      acknowledged.push({ challengeId, challengeRef: claimsOf(body.result as string).challengeRef });
      first.resolve();
    }
  };
  const begun = fromFirst ? first.promise : Promise.resolve();
  const killed = begun.then(() => sleep(after)).then(() => standalone.end('SIGKILL'));
  const lanes = await Promise.allSettled(Array.from({ length: 32 }, lane));
  await killed;
  for (const one of lanes) {
    // a lane ends when there is nothing left to answer, or because the process is gone: nothing else
    if (one.status === 'rejected')
      expect((one.reason as { code?: string }).code ?? one.reason).toMatch(/ECONNRESET|ECONNREFUSED|UND_ERR/);
  }
  return acknowledged;
}

describe('kill -9', () => {
  test(`${KILLS} times under load loses nothing that was acknowledged and lets nothing pass twice`, async () => {
    const PER_ROUND = 200;
    const users = await seedUsers(path, 'acme', KILLS * PER_ROUND);
    let acme: Tenant | undefined;
    const all: Acknowledged[] = [];
    let interrupted = 0;
    for (let round = 0; round < KILLS; round++) {
      const running = await start();
      acme = acme ? acme.through(running.api) : await Tenant.create(running.api, running.operatorToken);
      const last = all.slice(-5);
      for (const { challengeId } of last) {
        const shown = await acme.api('GET', `/v1/challenges/${challengeId}`);
        expect(shown.body).toMatchObject({ state: 'passed' });
        expect((await acme.answer(challengeId, { method: 'totp', code: '000000' })).body).toMatchObject({
          code: 'challenge-closed',
        });
      }
      const batch = users.slice(round * PER_ROUND, (round + 1) * PER_ROUND);
      const acknowledged = await answerUntilKilled(acme, batch, running, Math.random() * 60, round % 3 > 0);
      if (acknowledged.length < PER_ROUND) interrupted++;
      all.push(...acknowledged);
    }
    const log = await wholeLog();
    const passes = log
      .filter(({ type }) => type === 'ChallengePassed')
      .map(({ data }) => data as { challengeRef: string; holder: string; consumes: { through: number } });
    const refs = new Set(passes.map(({ challengeRef }) => challengeRef));
    expect(all.length).toBeGreaterThan(KILLS);
    expect(interrupted).toBeGreaterThan(0); // kills did fall into the load
    expect(all.filter(({ challengeRef }) => !refs.has(challengeRef))).toEqual([]);
    expect(refs.size).toBe(passes.length);
    expect(new Set(passes.map(({ holder, consumes }) => `${holder} ${consumes.through}`)).size).toBe(
      passes.length,
    );
    for (const [stream, events] of Map.groupBy(log, (event) => event.stream)) {
      expect([stream, events.map(({ revision }) => revision)]).toEqual([stream, events.map((_, n) => n)]);
    }
  }, 600_000);
});

describe('a graceful stop', () => {
  test('finishes what is under way and loses nothing', async () => {
    const users = await seedUsers(path, 'acme', 300);
    const running = await start();
    const acme = await Tenant.create(running.api, running.operatorToken);
    const open = await Promise.all(
      users.map(async (user) => ({ user, id: await acme.challenge(user.userId) })),
    );
    const answers = open.map(({ user, id }) => acme.answer(id, totp(user)));
    await answers[0];
    const ended =
      running.child.kill('SIGTERM') &&
      new Promise((resolve) => running.child.once('exit', (code) => resolve(code)));
    const settled = await Promise.allSettled(answers);
    expect(await ended).toBe(0);
    const passed = settled.flatMap((one) =>
      one.status === 'fulfilled' && one.value.status === 200
        ? [claimsOf(one.value.body.result as string).challengeRef]
        : [],
    );
    const refused = settled.filter((one) => one.status === 'fulfilled' && one.value.status !== 200);
    expect(passed.length).toBeGreaterThan(0);
    expect(refused).toEqual([]); // answered, or the connection was not taken any more: no half answers
    const recorded = (await wholeLog())
      .filter(({ type }) => type === 'ChallengePassed')
      .map(({ data }) => (data as { challengeRef: string }).challengeRef);
    expect(recorded.sort()).toEqual(passed.sort());
    expect(running.output.join('')).toContain('"msg":"stopped"');
  });
});

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
