import { Tenant, totpCode, World, type Account, type Api, type ApiAnswer } from '@sparekey/testing';

let world: World;
let api: Api;
let acme: Tenant;
let account: Account;

const ORIGIN = 'http://localhost:4000';
const COOKIE = { 'sparekey-session': 'cookie' };
const U = '/v1/domains/acme/users/ada';

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  await acme.service('PUT', '/users/ada', {});
  account = await acme.account('ada');
});
afterAll(() => world.close());

const setCookies = ({ headers }: ApiAnswer): string[] => [headers['set-cookie'] ?? []].flat();
const sessionCookie = (answer: ApiAnswer) => setCookies(answer).find((one) => /sparekey-session=/.test(one));
const pairOf = (setCookie: string) => setCookie.split(';')[0]!;
const signIn = (headers: Record<string, string> = { ...COOKIE, origin: ORIGIN }) =>
  acme.signIn(account, headers);
const cookieOf = async () => pairOf(sessionCookie(await signIn())!);
const length = async () =>
  (await world.store.readAll(undefined, 10_000)).filter(({ stream }) => !stream.startsWith('notice-')).length;

describe('in cookie mode', () => {
  test('the session is a cookie out of the reach of scripts, and no token is in the answer', async () => {
    const answer = await signIn();
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      decision: 'enroll',
      skippable: true,
      session: { expiresAt: expect.any(String) },
    });
    expect(JSON.stringify(answer.body)).not.toContain('eyJ');
    for (const cookie of setCookies(answer)) {
      const attributes = cookie.split('; ').slice(1);
      expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/']));
      expect(attributes.some((one) => one.startsWith('Domain'))).toBe(false);
    }
  });

  test.each(['Cookie', 'bearer', 'x'])('a wish for %s is none', async (wish) => {
    const { status, body } = await signIn({ 'sparekey-session': wish, origin: ORIGIN });
    expect([status, body.errors]).toEqual([400, [expect.objectContaining({ field: 'Sparekey-Session' })]]);
  });

  test.each([
    ['Basic YWRhOmFkYQ==', 200],
    ['Negotiate abc', 200],
    ['bearer', 401],
    ['Bearer  not-a-token', 401],
  ])('a login for a proxy stands beside it: Authorization %s', async (authorization, status) => {
    const headers = { cookie: await cookieOf(), authorization };
    expect((await api('GET', `${U}/security`, { headers })).status).toBe(status);
  });

  test('with https every cookie has the prefix that nobody else can set', async () => {
    const secure = await world.start(undefined, 'silent', {
      SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org',
    });
    const headers = { ...COOKIE, origin: 'https://sparekey.example.org' };
    const answer = await secure.api('POST', '/v1/identity/sign-in', { body: account, headers });
    const cookies = setCookies(answer);
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-sparekey-/);
      expect(cookie.split('; ')).toEqual(expect.arrayContaining(['Secure', 'Path=/']));
    }
    const unprefixed = pairOf(cookies.find((one) => one.includes('session'))!).replace('__Host-', '');
    expect((await secure.api('GET', `${U}/security`, { headers: { cookie: unprefixed } })).status).toBe(401);
  });

  test('a whole sign-in goes by cookies alone, each rise of privilege with a new one', async () => {
    const seen = new Set<string>();
    let cookie = await cookieOf();
    seen.add(cookie);
    const call = async (method: string, path: string, body?: object) => {
      const headers = { ...COOKIE, origin: ORIGIN, cookie };
      const answer = await api(method, path, { headers, ...(body && { body }) });
      const set = sessionCookie(answer);
      if (set) seen.add((cookie = pairOf(set)));
      expect(JSON.stringify(answer.body ?? '')).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
      return answer;
    };
    const { body: factor } = await call('POST', `${U}/factors`, { type: 'totp' });
    await call('POST', `${U}/factors/${factor.factorId}/confirm`, {
      code: totpCode(factor.secret, world.clock.now()),
    });
    const { body: codes } = await call('POST', `${U}/recovery-codes`);
    await call('POST', `${U}/recovery-codes/saved`, { batchId: codes.batchId });
    expect((await call('POST', `${U}/two-step/enable`)).status).toBe(204);
    expect((await call('POST', '/v1/identity/sessions')).status).toBe(200);
    expect((await call('POST', '/v1/identity/confirm-password', { password: account.password })).status).toBe(
      200,
    );
    expect((await call('GET', `${U}/security`)).body.twoStep.enabled).toBe(true);
    const out = await call('DELETE', '/v1/identity/sessions/current');
    expect(sessionCookie(out)).toMatch(/^sparekey-session=; Max-Age=0/);
    for (const old of seen) {
      expect((await api('GET', `${U}/security`, { headers: { cookie: old } })).status).toBe(401);
    }
    await acme.service('POST', '/users/ada/two-step/disable');
  });

  test('a cookie in use is renewed before it ends, and not at every request', async () => {
    const cookie = await cookieOf();
    const read = () => api('GET', `${U}/security`, { headers: { cookie } });
    expect(sessionCookie(await read())).toBeUndefined();
    world.clock.advance(1_000);
    const renewed = pairOf(sessionCookie(await read())!);
    world.clock.advance(3_000);
    expect((await read()).status).toBe(401);
    expect((await api('GET', `${U}/security`, { headers: { cookie: renewed } })).status).toBe(200);
  });

  test('an Authorization header counts, and no cookie beside it', async () => {
    const cookie = await cookieOf();
    const headers = { cookie, authorization: 'Bearer nonsense' };
    expect((await api('GET', `${U}/security`, { headers })).status).toBe(401);
  });
});

describe('from another site', () => {
  const FOREIGN: [string, Record<string, string>][] = [
    ['a fetch', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a fetch of an old browser', { origin: 'https://evil.example' }],
    ['a form', { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form that looks like JSON', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a sister domain', { origin: 'http://other.localhost:4000', 'sec-fetch-site': 'same-site' }],
    ['another port', { origin: 'http://localhost:4001' }],
    ['another scheme', { origin: 'https://localhost:4000' }],
    ['nowhere', {}],
    ['one that lies about its origin', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }],
  ];

  test.each(FOREIGN)('%s changes nothing', async (_, headers) => {
    const cookie = await cookieOf();
    const before = await length();
    for (const [method, path] of [
      ['POST', `${U}/two-step/skip`],
      ['POST', '/v1/identity/sessions'],
      ['DELETE', '/v1/identity/sessions/current'],
      ['POST', '/v1/identity/confirm-password'],
      ['POST', `${U}/factors`],
    ] as const) {
      const answer = await api(method, path, { headers: { ...headers, cookie } });
      expect([path, answer.status]).toEqual([
        path,
        headers['content-type'] && answer.status === 400 ? 400 : 403,
      ]);
    }
    expect(await length()).toBe(before);
  });

  test.each(FOREIGN.filter(([, headers]) => 'origin' in headers))(
    '%s signs nobody in with a cookie',
    async (_, headers) => {
      const answer = await signIn({ ...COOKIE, ...headers, 'content-type': 'application/json' });
      expect(answer.status).toBe(403);
      expect(setCookies(answer)).toEqual([]);
    },
  );

  test.each(['cross-site', 'same-site'])('%s reads nothing, not even by a picture', async (site) => {
    const headers = { cookie: await cookieOf(), 'sec-fetch-site': site, 'sec-fetch-dest': 'image' };
    expect((await api('GET', `${U}/security`, { headers })).status).toBe(403);
  });

  test('no page may ask a browser to share answers with it', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await api('OPTIONS', '/v1/identity/sign-in', { headers });
    expect(preflight.status).toBe(405);
    const answer = await api('GET', '/.well-known/jwks.json', {
      headers: { origin: 'https://evil.example' },
    });
    for (const { headers: answered } of [preflight, answer])
      expect(Object.keys(answered).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('typed into the address bar it reads, as the person themselves', async () => {
    const headers = { cookie: await cookieOf(), 'sec-fetch-site': 'none' };
    expect((await api('GET', `${U}/security`, { headers })).status).toBe(200);
  });
});

describe('the operator', () => {
  const begin = (token: string, headers: Record<string, string> = { origin: ORIGIN }) =>
    api('POST', '/v1/operator/sessions', { body: { token }, headers });
  const operatorCookie = async () =>
    pairOf(setCookies(await begin(world.operatorToken)).find((one) => one.includes('sparekey-operator='))!);
  const as = (cookie: string, method: string, path: string, headers: Record<string, string> = {}) =>
    api(method, path, { headers: { cookie, ...headers } });

  test('shows the token once, and is then known by a cookie out of the reach of scripts', async () => {
    const answer = await begin(world.operatorToken);
    expect([answer.status, answer.body]).toEqual([204, '']);
    const [cookie = ''] = setCookies(answer);
    expect(cookie).toMatch(/^sparekey-operator=.*HttpOnly/);
    expect(cookie).toContain('Max-Age=3600');
    expect(cookie).not.toContain(world.operatorToken);
    expect((await as(pairOf(cookie), 'GET', '/v1/operator/projections')).status).toBe(200);
    expect((await as(pairOf(cookie), 'GET', '/v1/operator/sessions/current')).body).toEqual({
      role: 'operator',
    });
  });

  test('is not let in with another token, from another site, or without a site', async () => {
    expect(await begin('not it')).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
    expect((await begin(world.operatorToken, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await begin(world.operatorToken, {})).status).toBe(403);
  });

  test('reaches what runs the installation and nothing else, and from our own pages alone', async () => {
    const cookie = await operatorCookie();
    for (const path of ['/v1/domains', '/v1/domains/acme/policy', '/v1/domains/acme/users', `${U}/security`])
      expect([path, (await as(cookie, 'GET', path)).status]).toEqual([path, 401]);
    const rebuild = '/v1/operator/projections/nowhere/rebuild';
    expect((await as(cookie, 'POST', rebuild)).status).toBe(403);
    expect((await as(cookie, 'POST', rebuild, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await as(cookie, 'POST', rebuild, { origin: ORIGIN })).status).toBe(404);
  });

  test('no session of a person, and none that was made up, is an operator’s', async () => {
    const session = await cookieOf();
    const value = session.slice(session.indexOf('=') + 1);
    for (const cookie of [session, `sparekey-operator=${value}`, 'sparekey-operator=x', 'sparekey-operator='])
      expect((await as(cookie, 'GET', '/v1/operator/projections')).status).toBe(401);
    const operators = await operatorCookie();
    const asSession = operators.replace('sparekey-operator', 'sparekey-session');
    expect((await as(asSession, 'GET', '/v1/identity/sessions/current')).status).toBe(401);
  });

  test('is forgotten after an hour', async () => {
    const cookie = await operatorCookie();
    world.clock.advance(3_601);
    expect((await as(cookie, 'GET', '/v1/operator/projections')).status).toBe(401);
  });

  test('leaves, and the browser forgets it', async () => {
    const left = await as(await operatorCookie(), 'DELETE', '/v1/operator/sessions/current', {
      origin: ORIGIN,
    });
    expect(left.status).toBe(204);
    expect(setCookies(left)[0]).toMatch(/^sparekey-operator=;.*Max-Age=0/);
  });
});
