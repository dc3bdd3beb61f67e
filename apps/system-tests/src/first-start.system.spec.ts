import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort, Standalone, temporaryDirectory, totpCode, Tenant } from '@sparekey/testing';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLI = `${ROOT}/apps/cli/dist/main.js`;

let temporary: ReturnType<typeof temporaryDirectory>;
let standalone: Standalone | undefined;
beforeEach(() => {
  temporary = temporaryDirectory();
});
afterEach(async () => {
  await standalone?.end('SIGKILL');
  standalone = undefined;
  temporary.remove();
});

const start = async (environment: Record<string, string> = {}) =>
  (standalone = await Standalone.start({ dataDirectory: temporary.path, environment }));
const accountsIn = (path: string) =>
  readFileSync(`${path}/demo-accounts`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string]);
const signIn = ({ api }: Standalone, login: string, password: string) =>
  api('POST', '/v1/identity/sign-in', { body: { domain: 'demo', login, password } });

describe('the first start of the demo', () => {
  test('makes a domain with an administrator and two people, whose passwords are in a file for the owner alone', async () => {
    const process_ = await start();
    expect(statSync(`${temporary.path}/demo-accounts`).mode & 0o777).toBe(0o600);
    const accounts = accountsIn(temporary.path);
    expect(accounts.map(([login]) => login)).toEqual(['admin', 'ada', 'bob']);
    for (const [login, password] of accounts) {
      expect((await signIn(process_, login, password)).body).toMatchObject({
        decision: 'enroll',
        skippable: true,
      });
    }
    const output = process_.output.join('');
    expect(output).toContain('demo-accounts');
    for (const [, password] of accounts) expect(output).not.toContain(password);
  });

  test('gives an administrator whose role has effect after enrolling, and not before', async () => {
    const { api } = await start();
    const [[login, password]] = accountsIn(temporary.path) as [[string, string]];
    const U = '/v1/domains/demo/users/admin';
    const { token } = (await signIn(standalone!, login, password)).body.session;
    expect((await api('GET', '/v1/domains/demo/policy', { token })).status).toBe(403);
    const { body: factor } = await api('POST', `${U}/factors`, { token, body: { type: 'totp' } });
    const code = totpCode(factor.secret, Date.now());
    await api('POST', `${U}/factors/${factor.factorId}/confirm`, { token, body: { code } });
    const { body: codes } = await api('POST', `${U}/recovery-codes`, { token });
    await api('POST', `${U}/recovery-codes/saved`, { token, body: { batchId: codes.batchId } });
    await api('POST', `${U}/two-step/enable`, { token });
    const full = (await api('POST', '/v1/identity/sessions', { token })).body.token;
    expect((await api('GET', '/v1/domains/demo/policy', { token: full })).status).toBe(200);
    expect(
      (await api('PUT', '/v1/domains/demo/users/bob', { token: full, body: { roles: ['auditor'] } })).status,
    ).toBe(200);
  });

  test('is made once, and goes on where it was interrupted', async () => {
    const port = await freePort();
    for (const patience of [450, 600, 750, 900, 1_050]) {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', `${ROOT}/apps/standalone/dist/main.js`],
        {
          env: { PATH: process.env.PATH, PORT: String(port), SPAREKEY_DATA_DIR: temporary.path },
          stdio: 'ignore',
        },
      );
      await new Promise((resolve) => setTimeout(resolve, patience));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await start();
    const accounts = accountsIn(temporary.path);
    for (const [login, password] of accounts)
      expect((await signIn(standalone!, login, password)).status).toBe(200);
    expect(readdirSync(temporary.path)).not.toContain('demo-accounts-unfinished');
    await standalone!.end();
    await start();
    expect(accountsIn(temporary.path)).toEqual(accounts);
  });

  test('leaves a domain of that name alone that was not made by it', async () => {
    await start({ SPAREKEY_DEMO: 'false', SPAREKEY_OPERATOR_TOKEN: 'x'.repeat(32) });
    const own = await Tenant.create(standalone!.api, 'x'.repeat(32), 'demo');
    await own.service('PUT', '/users/ada', {});
    await standalone!.end();
    await start();
    expect(readdirSync(temporary.path)).not.toContain('demo-accounts');
  });

  test.each([
    ['a public address', { SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org' }],
    ['a host that others reach', { HOST: '0.0.0.0' }],
  ])('is refused with %s', async (_, environment) => {
    const { status, stderr } = spawnSync(process.execPath, [`${ROOT}/apps/standalone/dist/main.js`], {
      env: {
        PATH: process.env.PATH,
        SPAREKEY_DATA_DIR: temporary.path,
        SPAREKEY_DEMO: 'true',
        ...environment,
      },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('SPAREKEY_DEMO');
  });

  test('is not made where it is switched off', async () => {
    await start({ SPAREKEY_DEMO: 'false', SPAREKEY_OPERATOR_TOKEN: 'x'.repeat(32) });
    expect(readdirSync(temporary.path)).not.toContain('demo-accounts');
    expect((await standalone!.api('GET', '/v1/domains/demo', { token: 'x'.repeat(32) })).status).toBe(404);
  });
});

describe('sparekey, the command', () => {
  const run = (args: string[], environment: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, '--url', standalone!.url, ...args], {
      env: { PATH: process.env.PATH, ...environment },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('makes domains, with the token from a file or the environment, never from an argument', async () => {
    await start();
    const file = ['--token-file', `${temporary.path}/operator-token`];
    expect(run([...file, 'domain', 'create', 'acme', '--name', 'Acme'])).toMatchObject({
      status: 0,
      stdout: 'domain acme made\n',
    });
    const again = run(['--json', 'domain', 'create', 'acme', '--name', 'Acme'], {
      SPAREKEY_OPERATOR_TOKEN: standalone!.operatorToken,
    });
    expect(JSON.parse(again.stdout)).toEqual({ domain: 'acme', displayName: 'Acme' });
    expect(run([...file, 'domain', 'create', 'Acme!', '--name', 'Acme'])).toMatchObject({ status: 1 });
    expect(run(['domain', 'create', 'acme', '--name', 'Acme'])).toMatchObject({ status: 1, stdout: '' });
    const wrong = run(['domain', 'create', 'acme', '--name', 'Acme'], {
      SPAREKEY_OPERATOR_TOKEN: 'x'.repeat(32),
    });
    expect(wrong).toMatchObject({ status: 1, stderr: 'refused: unauthenticated\n' });
  });

  test('finds what is wrong', async () => {
    await start();
    const well = run(['doctor', '--json', '--token-file', `${temporary.path}/operator-token`]);
    expect(well.status).toBe(0);
    expect(JSON.parse(well.stdout).findings).toHaveLength(6);
    const stranger = run(['doctor'], { SPAREKEY_OPERATOR_TOKEN: 'x'.repeat(32) });
    expect(stranger.status).toBe(1);
    expect(stranger.stdout).toMatch(/✗.* operator token +refused with 401/);
    const byAddress = spawnSync(
      process.execPath,
      [CLI, '--url', standalone!.url.replace('localhost', '127.0.0.1'), 'doctor'],
      { encoding: 'utf8' },
    );
    expect(byAddress.status).toBe(1);
    expect(byAddress.stdout).toMatch(/✗.* public address/);
    await standalone!.end();
    expect(run(['doctor'])).toMatchObject({ status: 3, stderr: expect.stringContaining('is not reached') });
  });

  test('says how it is used', async () => {
    await start();
    expect(run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Exit codes') });
    expect(run(['nonsense']).status).toBe(2);
    expect(run(['domain', 'create', 'acme']).status).toBe(2);
  });
});

test('the example of the integration guide signs somebody in', async () => {
  const { api, operatorToken, url } = await start();
  const port = await freePort();
  const acme = await Tenant.create(api, operatorToken);
  const ada = await acme.enrol('ada', Date.now);
  await acme.operator('PUT', '/services/shop', {
    displayName: 'Shop',
    returnUrls: [`http://localhost:${port}/back`],
  });
  const { body } = await acme.operator('POST', '/api-tokens', {
    name: 'shop',
    role: 'service',
    service: 'shop',
  });
  const example = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'examples/sign-in-service.ts'],
    {
      cwd: ROOT,
      env: { PATH: process.env.PATH, PORT: String(port), SPAREKEY_URL: url, SPAREKEY_TOKEN: body.token },
    },
  );
  try {
    await new Promise((resolve) => example.stdout.once('data', resolve));
    const begun = await fetch(`http://localhost:${port}/sign-in?user=ada`, { redirect: 'manual' });
    const cookie = begun.headers.getSetCookie()[0]!.split(';')[0]!;
    const challengeId = new URL(begun.headers.get('location')!).hash.slice(1);
    const answered = await acme.answer(challengeId, { method: 'recovery-code', code: ada.codes[0] });
    const back = answered.body.redirectTo as string;
    expect((await fetch(back)).status).toBe(403); // another browser
    expect(await (await fetch(back, { headers: { cookie } })).text()).toBe(
      'welcome, ada (urn:sparekey:acr:code)\n',
    );
    expect((await fetch(back, { headers: { cookie } })).status).toBe(403); // once
  } finally {
    example.kill();
  }
});
