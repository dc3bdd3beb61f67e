import { PASSWORD, Tenant, World, type Account, type Api } from '@sparekey/testing';

let world: World;
let api: Api;
let acme: Tenant;
let people = 0;

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
});
afterAll(() => world.close());

async function newcomerWithout(): Promise<string> {
  const userId = `person-${people++}`;
  await acme.service('PUT', `/users/${userId}`, {});
  return userId;
}

async function newcomer(): Promise<{ userId: string; account: Account }> {
  const userId = await newcomerWithout();
  return { userId, account: await acme.account(userId) };
}

describe('a login', () => {
  const put = (userId: string, login: string) =>
    acme.service('PUT', `/users/${userId}/account`, { login, password: PASSWORD });

  test.each([
    ['case', 'anna@acme.example', 'ANNA@Acme.Example'],
    ['full width', 'berta', '\uFF42\uFF45\uFF52\uFF54\uFF41'],
    ['composition', 'chlo\u00E9', 'chloe\u0301'],
    ['Cyrillic', 'copa', '\u0441\u043E\u0440\u0430'],
    ['Greek', 'nova', 'n\u03BFva'],
    ['mathematics', 'dora', '\u{1D41D}\u{1D428}\u{1D42B}\u{1D41A}'],
    ['a ligature', 'fiona', '\uFB01ona'],
    ['digits', 'user-o1', 'user-0l'],
  ])('is held by one, whatever the %s', async (_, one, other) => {
    const [first, second] = [await newcomer(), await newcomer()];
    expect((await put(first.userId, one)).status).toBe(200);
    expect(await put(second.userId, other)).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  test('is held by one of all who want it at once, in two processes', async () => {
    const there = acme.through((await world.start()).api);
    const takers = await Promise.all(Array.from({ length: 20 }, newcomer));
    const answers = await Promise.all(
      takers.map(({ userId }, n) =>
        (n % 2 ? acme : there).service('PUT', `/users/${userId}/account`, {
          login: n % 3 ? 'prize' : 'PRIZE',
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  test('is free again when its holder takes another, and the account goes by the new one', async () => {
    const [first, second] = [await newcomer(), await newcomer()];
    await put(first.userId, 'erika');
    await put(first.userId, 'erika.new');
    expect((await put(second.userId, 'erika')).status).toBe(200);
    expect((await acme.signIn({ domain: 'acme', login: 'erika.new', password: PASSWORD })).status).toBe(200);
  });
});

test('many passwords at once wait for one another, or are told that there are too many', async () => {
  const takers = await Promise.all(Array.from({ length: 30 }, newcomerWithout));
  const answers = await Promise.all(
    takers.map((userId) =>
      acme.service('PUT', `/users/${userId}/account`, { login: userId, password: PASSWORD }),
    ),
  );
  expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([201, 503]);
});

test('failures that were only counted are summed up when the process ends', async () => {
  const { userId, account } = await newcomer();
  const process_ = await world.start();
  const there = acme.through(process_.api);
  await Promise.all(Array.from({ length: 40 }, () => there.signIn({ ...account, password: 'wrong' })));
  await process_.app.close();
  const events = await world.store.read(`attempts-acme.${userId}`);
  const told = events.filter(({ type }) => type === 'PasswordRejected').length;
  const summed = events.flatMap(({ type, data }) =>
    type === 'PasswordRejectionsSummed' ? [(data as { count: number }).count] : [],
  );
  expect(told).toBe(5);
  expect(summed).toEqual([35]);
});

describe('a password', () => {
  const put = async (password: string) =>
    acme.service('PUT', `/users/${(await newcomer()).userId}/account`, {
      login: `login-${people}`,
      password,
    });

  test.each([
    'short',
    'fourteen chars',
    'aaaaaaaaaaaaaaaaaaaa',
    'passwordpassword',
    '12345678901234567890',
    'qwertyuiopasdfghjkl',
    'Sparekey2026Sparekey',
    'x'.repeat(257),
  ])('is not %j', async (password) => {
    expect(await put(password)).toMatchObject({ status: 422, body: { code: 'policy-refused' } });
  });

  test.each(['correct horse battery staple', 'Zürich im Regen, 4 Schirme', '🦊 läuft über sieben Hügel'])(
    'may be %j, however it is composed',
    async (password) => {
      expect((await put(password)).status).toBe(200);
      const typed = { domain: 'acme', login: `login-${people}`, password: password.normalize('NFD') };
      expect((await acme.signIn(typed)).status).toBe(200);
    },
  );
});

test('signing in is over where the domain does without the reference sign-in service', async () => {
  const other = await Tenant.create(api, world.operatorToken, 'without');
  await other.service('PUT', '/users/ada', {});
  const account = await other.account('ada');
  const token = await other.plainSession('ada', account);
  await other.operator('DELETE', '/services/identity');
  expect((await acme.signIn(account)).status).toBe(401);
  expect((await api('GET', '/v1/domains/without/users/ada/security', { token })).status).toBe(401);
});

test('nobody can be made to enrol where nothing can be enrolled', async () => {
  const { body, headers } = await acme.operator('GET', '/policy');
  const nothing = {
    factors: {
      totp: { ...body.factors.totp, enabled: false },
      webauthn: { ...body.factors.webauthn, enabled: false },
    },
    enrollment: { mode: 'required' },
  };
  const match = { 'if-match': String(headers.etag) };
  const answer = await acme.operator('PUT', '/policy', { ...body, ...nothing }, match);
  expect(answer).toMatchObject({ status: 422, body: { code: 'policy-refused' } });
});

describe('sessions of a person', () => {
  const asked = (token: string, method: string, path: string) =>
    api(method, `/v1/domains/acme/users/${path}`, { token });
  const sessionOf = async (userId: string, account: Account) => acme.plainSession(userId, account);

  test('are listed newest first, with from where, and end one by one or all at once', async () => {
    const { userId, account } = await newcomer();
    const first = await sessionOf(userId, account);
    world.clock.advance(60);
    const second = await sessionOf(userId, account);
    const list = async (token: string) => (await asked(token, 'GET', `${userId}/sessions`)).body.items;
    const [newest, oldest] = await list(first);
    expect(newest).toMatchObject({ current: false, scope: 'full', context: { ip: expect.any(String) } });
    expect(oldest).toMatchObject({ current: true, scope: 'full' });
    expect(Date.parse(newest.startedAt) - Date.parse(oldest.startedAt)).toBe(60_000);
    expect((await asked(first, 'DELETE', `${userId}/sessions/${newest.sessionId}`)).status).toBe(204);
    expect(await list(first)).toHaveLength(1);
    expect((await asked(second, 'GET', `${userId}/sessions`)).status).toBe(401);
    const third = await sessionOf(userId, account);
    expect((await asked(third, 'DELETE', `${userId}/sessions`)).status).toBe(204);
    for (const token of [first, third])
      expect((await asked(token, 'GET', `${userId}/sessions`)).status).toBe(401);
  });

  test('of a password that was replaced are not listed', async () => {
    const { userId, account } = await newcomer();
    await sessionOf(userId, account);
    await acme.account(userId);
    expect(await acme.service('GET', `/users/${userId}/sessions`)).toMatchObject({ body: { items: [] } });
  });
});
