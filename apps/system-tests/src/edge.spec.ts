import { Tenant, World, type Api, type ApiAnswer } from '@sparekey/testing';

/* What is judged before any handler: whom a request is meant for, how it is written, who may read metrics. */

let world: World;
let api: Api;
let acme: Tenant;

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  await acme.service('PUT', '/users/ada', {});
});
afterAll(() => world.close());

const D = '/v1/domains/acme';
const U = `${D}/users/ada`;
const operator = () => world.operatorToken;
const service = () => acme.token;

async function refused(call: Promise<ApiAnswer>, ...statuses: number[]): Promise<ApiAnswer> {
  const answer = await call;
  expect(statuses).toContain(answer.status);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status: answer.status,
    code: expect.any(String),
    title: expect.any(String),
    requestId: expect.any(String),
  });
  return answer;
}

describe('the edge', () => {
  test('knows no other paths, and says so in the same form', async () => {
    await refused(api('GET', '/'), 404);
    await refused(api('GET', '/v1'), 404);
    await refused(api('GET', `${D}/nothing`, { token: world.operatorToken }), 404);
  });

  test.each([
    ['DELETE', D, ['PUT', 'GET', 'HEAD']],
    ['PUT', '/v1/identity/sign-in', ['POST']],
    ['POST', '/.well-known/jwks.json', ['GET', 'HEAD']],
    ['POST', '/health/live', ['GET', 'HEAD']],
    ['POST', `${D}/users/ada?x=1`, ['PUT', 'GET', 'HEAD', 'PATCH']],
  ])('says of %s %s which methods there are (RFC 9110 section 15.5.6)', async (method, path, allowed) => {
    const { headers, body } = await refused(api(method, path, { token: world.operatorToken }), 405);
    expect(String(headers.allow).split(', ').sort()).toEqual([...allowed].sort());
    expect(body.code).toBe('method-not-allowed');
  });

  test('refuses requests that are meant for another host', async () => {
    const ask = (path: string, host: string) => api('GET', path, { headers: { host } });
    expect((await refused(ask('/.well-known/jwks.json', 'evil.example'), 421)).body.code).toBe('misdirected');
    expect((await ask('/.well-known/jwks.json', '127.0.0.1:4000')).status).toBe(200);
  });

  test.each([
    'SPAREKEY.example.org',
    'sparekey.example.org:443',
    'sparekey.example.org.',
    'sparekey.example.org',
  ])('is at home by its own name as %s', async (host) => {
    const open = await world.start(undefined, 'silent', {
      SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org',
    });
    expect((await open.api('GET', '/.well-known/jwks.json', { headers: { host } })).status).toBe(200);
  });

  test.each(['/health/live', '/health/ready', '/metrics'])(
    'answers %s by any name, as probes ask',
    async (path) => {
      for (const host of ['10.244.0.5:4000', 'sparekey.default.svc', '[fd00::5]:4000'])
        expect((await api('GET', path, { headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    ['latin-1', Buffer.from('{"displayName":"Ren\xe9e"}', 'latin1'), 'application/json; charset=iso-8859-1'],
    ['UTF-16', Buffer.from('{"displayName":"Ren\xe9e"}', 'utf16le'), 'application/json'],
    [
      'half a character',
      Buffer.from([...Buffer.from('{"displayName":"'), 0xc3, 0x22, 0x7d]),
      'application/json',
    ],
    [
      'an overlong form',
      Buffer.from([...Buffer.from('{"displayName":"'), 0xc0, 0xaf, 0x22, 0x7d]),
      'application/json',
    ],
    [
      'a surrogate',
      Buffer.from([...Buffer.from('{"displayName":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d]),
      'application/json',
    ],
  ])('refuses a body that is not UTF-8: %s', async (_, raw, type) => {
    const headers = { 'content-type': type };
    await refused(api('PUT', U, { token: service(), body: raw, headers }), 400);
  });

  test('takes a content type without a body for no body', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await api('POST', `${U}/unlock`, { token: operator(), headers })).status).toBe(204);
  });

  test('shows metrics to everybody only where nothing but loopback is served, else to the operator and who reads metrics', async () => {
    expect((await api('GET', '/metrics')).body).toContain('sparekey_http_request_seconds');
    const open = await world.start(undefined, 'silent', {
      SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org',
    });
    expect((await open.api('GET', '/metrics')).status).toBe(404);
    expect((await open.api('GET', '/metrics', { token: acme.token })).status).toBe(404);
    expect((await open.api('GET', '/metrics', { token: world.operatorToken })).status).toBe(200);
  });

  test('shows metrics to a token that can do nothing else', async () => {
    const metricsToken = 'metrics-token-of-this-test-only';
    const open = await world.start(undefined, 'silent', {
      SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org',
      SPAREKEY_METRICS_TOKEN: metricsToken,
    });
    expect((await open.api('GET', '/metrics', { token: metricsToken })).status).toBe(200);
    const headers = { authorization: `BEARER   ${metricsToken}` };
    expect((await open.api('GET', '/metrics', { headers })).status).toBe(200); // RFC 9110 section 11.4
    for (const path of ['/v1/domains', D, `${D}/users`, `${D}/audit`, '/v1/operator/parked'])
      expect((await open.api('GET', path, { token: metricsToken })).status).toBe(401);
  });

  test('takes over a trace id that a trusted proxy says, and from nobody else', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const behind = await world.start(undefined, 'silent', { SPAREKEY_TRUSTED_PROXIES: '127.0.0.1' });
    const idOf = async (by: Api, traceparent: string) =>
      (await by('GET', '/nowhere', { headers: { traceparent } })).body.requestId as string;
    expect(await idOf(behind.api, `00-${trace}-b7ad6b7169203331-01`)).toBe(trace);
    expect(await idOf(behind.api, '<script>')).toMatch(/^[0-9a-f]{32}$/);
    const own = await idOf(api, `00-${trace}-b7ad6b7169203331-01`);
    expect(own).toMatch(/^[0-9a-f]{32}$/);
    expect(own).not.toBe(trace);
  });
});
