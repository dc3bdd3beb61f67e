import { type Api, newPlace, type Person, type Place, Tenant, totpCode } from '@sparekey/testing';

let world: Place;
let app: { readonly api: Api };
let acme: Tenant;
let ada: Person;

const now = () => world.clock.now();
const get = async (path: string) => {
  await world.settle();
  const { status, body } = await acme.operator('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return body;
};
const users = async (query: string) =>
  (await get(`/users?${query}`)).items.map(({ userId }: { userId: string }) => userId);

beforeAll(async () => {
  world = newPlace();
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
  ada = await acme.enrol('ada', now);
  for (const user of ['bob', 'carl', 'dora'])
    await acme.service('PUT', `/users/${user}`, {
      emails: [`${user}@acme.example`, 'office@acme.example'],
      phone: `+3165550010${user.length}`,
    });
  world.clock.advance(60);
});
afterAll(() => world.close());

test('lists the domains there are', async () => {
  await Tenant.create(app.api, world.operatorToken, 'globex');
  await world.settle();
  const list = async (query = '') =>
    (await app.api('GET', `/v1/domains${query}`, { token: world.operatorToken })).body;
  expect(await list()).toMatchObject({
    items: [{ domain: 'acme', displayName: 'Acme' }, { domain: 'globex' }],
    next: null,
  });
  const first = await list('?limit=1');
  expect(first).toMatchObject({ items: [{ domain: 'acme' }], next: 'acme' });
  expect((await list('?limit=1&cursor=acme')).items).toMatchObject([{ domain: 'globex' }]);
});

test('finds people by id, address or number, whole and in any case, and in no other domain', async () => {
  expect(await users('query=ada')).toEqual(['ada']);
  expect(await users('query=BOB@acme.example')).toEqual(['bob']);
  expect(await users('query=office@acme.example')).toEqual(['bob', 'carl', 'dora']);
  expect(await users(`query=${encodeURIComponent('+31655500103')}`)).toEqual(['bob']);
  expect(await users('query=office')).toEqual([]);
  await acme.service('PUT', '/users/bob', { emails: ['bob@new.example'] });
  expect(await users('query=bob@acme.example')).toEqual([]);
  expect(await users('query=bob@new.example')).toEqual(['bob']);
  const globex = await Tenant.create(app.api, world.operatorToken, 'globex');
  await world.settle();
  expect((await globex.operator('GET', '/users?query=ada@acme.example')).body.items).toEqual([]);
});

test('shows people with what they have left, page by page', async () => {
  const first = await get('/users?limit=2');
  expect(first.next).toBe('bob');
  expect(first.items[0]).toEqual({
    userId: 'ada',
    displayName: 'ada',
    emails: ['ada@acme.example'],
    registeredAt: new Date(now() - 60_000).toISOString(),
    twoStep: { enabled: true },
    factors: 1,
    recoveryCodes: { remaining: 16 },
    secondWayIn: true,
  });
  expect(await users('limit=2&cursor=bob')).toEqual(['carl', 'dora']);
  const code = totpCode(ada.secret, now());
  await acme.answer(await acme.challenge('ada'), { method: 'totp', code });
  expect((await get('/users?query=ada')).items[0].lastSignInAt).toBe(new Date(now()).toISOString());
});

test('tells who would be locked out, whose codes run low, and how that went', async () => {
  expect(await users('state=on')).toEqual(['ada']);
  expect(await users('state=off')).toEqual(['bob', 'carl', 'dora']);
  expect(await get('/readiness')).toMatchObject({ people: 4, twoStep: 1, noSecondWay: 0, codesLow: 0 });
  for (let n = 0; n < 12; n++)
    await acme.answer(await acme.challenge('ada'), { method: 'recovery-code', code: ada.codes[n] });
  expect(await users('state=codes-low')).toEqual(['ada']);
  world.clock.advance(86_400);
  for (let n = 12; n < 16; n++)
    await acme.answer(await acme.challenge('ada'), { method: 'recovery-code', code: ada.codes[n] });
  expect(await users('state=no-second-way')).toEqual(['ada']);
  const alone = await get('/readiness');
  expect(alone).toMatchObject({ noSecondWay: 1, codesLow: 1 });
  expect(alone.trend).toEqual([
    { day: '2026-03-01', people: 4, twoStep: 1, noSecondWay: 0 },
    { day: '2026-03-02', people: 4, twoStep: 1, noSecondWay: 1 },
  ]);
  await acme.addTotp('ada', now);
  expect(await get('/readiness')).toMatchObject({ noSecondWay: 0 });
  await acme.service('POST', '/users/ada/two-step/disable');
  expect(await get('/readiness')).toMatchObject({ twoStep: 0 });
});

test('tells whose deadline is near, by the policy as it stands', async () => {
  expect(await users('state=deadline-near')).toEqual([]);
  const { headers, body: policy } = await acme.operator('GET', '/policy');
  const required = { ...policy, enrollment: { mode: 'required', graceDays: 10 } };
  await acme.operator('PUT', '/policy', required, { 'if-match': headers.etag as string });
  expect(await users('state=deadline-near')).toEqual([]);
  world.clock.advance(4 * 86_400);
  expect(await users('state=deadline-near')).toEqual(['ada', 'bob', 'carl', 'dora']);
  expect(await get('/readiness')).toMatchObject({ deadlineNear: 4 });
});

test('refuses a cursor and a state that are none', async () => {
  expect((await acme.operator('GET', '/users?cursor=a.b')).body.errors[0].field).toBe('cursor');
  expect((await acme.operator('GET', '/users?state=asleep')).body.errors[0].field).toBe('state');
});

test('a person is shown with what they are called and hold, and changes what is theirs to change', async () => {
  await acme.operator('PUT', '/users/erin', { emails: ['erin@acme.example'], roles: ['auditor'] });
  expect(await get('/users/erin')).toMatchObject({
    userId: 'erin',
    emails: ['erin@acme.example'],
    roles: ['auditor'],
  });
  expect(await get('/roles')).toMatchObject({ items: [{ userId: 'erin', roles: ['auditor'] }], next: null });
  await acme.service('PUT', '/users/frank', { emails: ['frank@acme.example'], phone: '+31655500199' });
  const { login, password } = await acme.account('frank');
  const token = await acme.plainSession('frank', { domain: 'acme', login, password });
  const changed = await app.api('PATCH', '/v1/domains/acme/users/frank', {
    token,
    body: { displayName: 'Frank', locale: 'nl' },
  });
  const frank = {
    emails: ['frank@acme.example'],
    phone: '+31655500199',
    displayName: 'Frank',
    locale: 'nl',
    roles: [],
  };
  expect(changed).toMatchObject({ status: 200, body: frank });
  const more = await app.api('PATCH', '/v1/domains/acme/users/frank', { token, body: { emails: [] } });
  expect(more).toMatchObject({ status: 400, body: { errors: [{ field: 'emails' }] } });
  const session = await app.api('GET', '/v1/identity/sessions/current', { token });
  expect(session.body).toMatchObject({ displayName: 'Frank', roles: [], secondStep: false });
});

test('services and providers are listed by their ids', async () => {
  await acme.operator('PUT', '/services/aaa', { displayName: 'First' });
  const { items } = await get('/services');
  const ids = items.map(({ service }: { service: string }) => service);
  expect(ids).toEqual([...ids].sort());
  expect(items[0]).toMatchObject({ service: 'aaa', displayName: 'First', manages: false });
  expect(await get('/identity-providers')).toEqual({ items: [], next: null });
});
