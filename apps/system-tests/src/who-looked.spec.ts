import { Tenant, World, type Api, type InProcess } from '@sparekey/testing';

/* Who looked, and who was refused, is part of the log. */

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;

const D = '/v1/domains/acme';
const rows = async (action: string) => {
  await world.settle();
  const { body } = await acme.operator('GET', `/audit?action=${action}`);
  return (body.items as { actor: { kind: string }; userId?: string; detail: { call: string } }[]).map(
    ({ actor, detail, userId }) => ({
      by: actor.kind,
      call: detail.call,
      ...(userId !== undefined && { userId }),
    }),
  );
};

beforeAll(async () => {
  world = new World();
  app = await world.start();
  ({ api } = app);
  acme = await Tenant.create(api, world.operatorToken);
  await acme.operator('PUT', '/users/ada', { emails: ['ada@acme.example'] });
  await world.settle();
});
afterAll(() => world.close());

test.each([
  ['a search', 'findUsers', 'operator', () => acme.operator('GET', '/users?query=ada')],
  ['a search by a service', 'findUsers', 'service', () => acme.service('GET', '/users?query=ada')],
  ['an export', 'exportAudit', 'operator', () => acme.operator('GET', '/audit/export?format=csv')],
  [
    'a rebuild, in every domain',
    'rebuildProjection',
    'operator',
    () => api('POST', '/v1/operator/projections/audit/rebuild', { token: world.operatorToken }),
  ],
])('%s', async (_, call, by, look) => {
  const before = (await rows('access.logged')).length;
  expect([200, 202]).toContain((await look()).status);
  const news = (await rows('access.logged')).slice(0, -before || undefined);
  expect(news).toEqual([{ by, call }]);
});

test('the help desk at a person’s page, and not that person', async () => {
  const desk = (await acme.operator('POST', '/api-tokens', { name: 'd', role: 'help-desk' })).body
    .token as string;
  await api('GET', `${D}/users/ada/security`, { token: desk });
  const session = (await acme.signIn(await acme.account('ada'))).body.session.token as string;
  expect((await api('GET', `${D}/users/ada/security`, { token: session })).status).toBe(200);
  const found = (await rows('access.logged')).filter(({ call }) => call === 'getSecurity');
  expect(found).toEqual([{ by: 'administrator', call: 'getSecurity', userId: 'ada' }]);
});

test('nothing is written for a domain that is not there', async () => {
  const events = await world.store.countAfter(undefined);
  const { status } = await api('GET', '/v1/domains/nowhere/users', { token: world.operatorToken });
  expect(status).toBe(404);
  expect(await world.store.countAfter(undefined)).toBe(events);
});

test('what was refused, in the caller’s own domain, and a flood of it only in part', async () => {
  for (let n = 0; n < 30; n++) expect((await acme.service('GET', '/policy')).status).toBe(403);
  await api('PUT', '/v1/domains/other/policy', { token: acme.token, body: {} });
  const found = await rows('access.refused');
  expect(found).toHaveLength(20);
  expect(found[0]).toEqual({ by: 'service', call: 'getPolicy' });
});
