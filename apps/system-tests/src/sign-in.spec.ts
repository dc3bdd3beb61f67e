import { Tenant, World, type Api } from '@sparekey/testing';

let world: World;
let api: Api;
let acme: Tenant;
const password = 'four wild geese over Utrecht';

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  await acme.service('PUT', '/users/ada', { emails: ['ada@acme.example'] });
});
afterAll(() => world.close());

test('walk', async () => {
  const put = await acme.service('PUT', '/users/ada/account', { login: 'ada@acme.example', password });
  console.log(put.status, put.body);
  const bad = await api('POST', '/v1/identity/sign-in', {
    body: { domain: 'acme', login: 'ada@acme.example', password: 'x' },
  });
  console.log(bad.status, bad.body);
  const signed = await api('POST', '/v1/identity/sign-in', {
    body: { domain: 'acme', login: 'ADA@acme.example', password },
  });
  console.log(signed.status, signed.body, signed.headers['set-cookie']);
  const token = signed.body.session.token;
  const sec = await api('GET', '/v1/domains/acme/users/ada/security', { token });
  console.log(sec.status, sec.body);
  console.log(await api('POST', '/v1/domains/acme/users/ada/two-step/skip', { token }));
  const full = await api('POST', '/v1/identity/sessions', { token });
  console.log(full.status, full.body);
});
