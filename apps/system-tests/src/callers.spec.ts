import { type Api, newPlace, type Place, Tenant } from '@sparekey/testing';

let world: Place;
let api: Api;
let acme: Tenant;

beforeAll(async () => {
  world = newPlace();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  await acme.service('PUT', '/users/ada', {});
});
afterAll(() => world.close());

const D = '/v1/domains/acme';
const issue = async (body: object) =>
  (await acme.operator('POST', '/api-tokens', { name: 'machine', ...body })).body as {
    token: string;
    tokenId: string;
  };
const challenge = (token?: string) =>
  api('POST', `${D}/challenges`, {
    ...(token !== undefined && { token }),
    body: { userId: 'ada', purpose: 'sign-in' },
  });

describe('a caller', () => {
  test('without a token is asked for one', async () => {
    const { status, body, headers } = await challenge();
    expect({ status, code: body.code, asks: headers['www-authenticate'] }).toEqual({
      status: 401,
      code: 'unauthenticated',
      asks: 'Bearer',
    });
  });

  test.each(['', 'x', 'skt_1.AAAA', 'null', 'a'.repeat(5_000)])(
    'with the token %j is unknown',
    async (token) => {
      expect(await challenge(token)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    },
  );

  test('with a challenge id in place of a token is unknown', async () => {
    await acme.enrol('bob', () => world.clock.now());
    expect((await challenge(await acme.challenge('bob'))).status).toBe(401);
  });

  test('with another scheme is unknown', async () => {
    const basic = {
      headers: { authorization: `Basic ${acme.token}` },
      body: { userId: 'ada', purpose: 'sign-in' },
    };
    expect((await api('POST', `${D}/challenges`, basic)).status).toBe(401);
  });

  test('of another domain is refused there', async () => {
    const other = await Tenant.create(api, world.operatorToken, 'other');
    expect(await challenge(other.token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await api('GET', `${D}/users/ada/security`, { token: other.token })).status).toBe(403);
  });

  test('whose token expires is unknown from that moment', async () => {
    const expiresAt = new Date(world.clock.now() + 60_000).toISOString();
    const { token } = await issue({ role: 'service', service: 'payroll', expiresAt });
    expect((await challenge(token)).status).toBe(200);
    world.clock.advance(60);
    expect((await challenge(token)).status).toBe(401);
  });

  test('whose token is revoked is unknown from that moment, in every process', async () => {
    const { token, tokenId } = await issue({ role: 'service', service: 'payroll' });
    const elsewhere = (await world.start()).api;
    const there = () => elsewhere('GET', `${D}/users/ada/security`, { token });
    expect((await there()).status).toBe(200);
    expect((await acme.operator('DELETE', `/api-tokens/${tokenId}`)).status).toBe(204);
    expect((await there()).status).toBe(401);
    expect((await challenge(token)).status).toBe(401);
    expect((await acme.operator('DELETE', `/api-tokens/${tokenId}`)).status).toBe(404);
  });

  test('whose service is removed is unknown from that moment', async () => {
    await acme.operator('PUT', '/services/shop', { displayName: 'Shop' });
    const { token } = await issue({ role: 'service', service: 'shop' });
    expect((await challenge(token)).status).toBe(200);
    await acme.operator('DELETE', '/services/shop');
    expect((await challenge(token)).status).toBe(401);
    world.clock.advance(1);
    await acme.operator('PUT', '/services/shop', { displayName: 'Shop' });
    expect((await challenge(token)).status).toBe(401); // what was taken back stays taken back
    const fresh = await issue({ role: 'service', service: 'shop' });
    expect((await challenge(fresh.token)).status).toBe(200);
  });

  test('may act for people only where its service is registered for it', async () => {
    await acme.operator('PUT', '/services/plain', { displayName: 'Plain' });
    const { token } = await issue({ role: 'service', service: 'plain' });
    expect((await api('GET', `${D}/users/ada/security`, { token })).status).toBe(403);
    await acme.operator('PUT', '/services/plain', { displayName: 'Plain', onBehalf: true });
    expect((await api('GET', `${D}/users/ada/security`, { token })).status).toBe(200);
  });
});

describe('roles', () => {
  const CALLS = {
    putDomain: ['PUT', D, { displayName: 'Acme' }],
    getPolicy: ['GET', `${D}/policy`],
    putService: ['PUT', `${D}/services/payroll`, { displayName: 'Payroll', onBehalf: true }],
    issueToken: ['POST', `${D}/api-tokens`, { name: 'x', role: 'service', service: 'payroll' }],
    listTokens: ['GET', `${D}/api-tokens`],
    putUser: ['PUT', `${D}/users/ada`, {}],
    getSecurity: ['GET', `${D}/users/ada/security`],
    addFactor: ['POST', `${D}/users/ada/factors`, { type: 'totp' }],
    openChallenge: ['POST', `${D}/challenges`, { userId: 'ada', purpose: 'sign-in' }],
    unlock: ['POST', `${D}/users/ada/unlock`],
  } as const satisfies Record<string, readonly [string, string, object?]>;

  const MAY: Record<string, (keyof typeof CALLS)[]> = {
    operator: [
      'putDomain',
      'getPolicy',
      'putService',
      'issueToken',
      'listTokens',
      'putUser',
      'getSecurity',
      'unlock',
    ],
    administrator: ['getPolicy', 'putService', 'listTokens', 'putUser', 'getSecurity', 'unlock'],
    'help-desk': ['getSecurity', 'unlock'],
    auditor: [],
    service: ['putUser', 'getSecurity', 'addFactor', 'openChallenge'],
  };

  test.each(Object.entries(MAY))('%s may do just what it may', async (role, allowed) => {
    const service = role === 'service' ? { service: 'payroll' } : {};
    const token = role === 'operator' ? world.operatorToken : (await issue({ role, ...service })).token;
    const done: string[] = [];
    for (const [name, [method, path, body]] of Object.entries(CALLS) as [
      string,
      readonly [string, string, object?],
    ][]) {
      const { status } = await api(method, path, { token, ...(body && { body }) });
      if (status !== 403) done.push(name);
      expect([name, [200, 201, 204, 403].includes(status)]).toEqual([name, true]);
    }
    expect(done).toEqual(allowed);
  });
});

test('tokens are listed without themselves, and never kept', async () => {
  const { token, tokenId } = await issue({ role: 'auditor', name: 'SIEM' });
  const { body } = await acme.operator('GET', '/api-tokens');
  expect(body.items[0]).toMatchObject({ tokenId, name: 'SIEM', role: 'auditor', createdBy: 'operator' });
  expect(JSON.stringify(body)).not.toContain(token);
});
