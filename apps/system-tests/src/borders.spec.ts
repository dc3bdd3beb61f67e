import { OpenIdProvider, Tenant, totpCode, World, type InProcess, type Person } from '@sparekey/testing';
import fc from 'fast-check';

/*
 * Whatever proxies, providers and people send: nothing fails, nobody is refused for what a proxy writes, and what is refused
 * changes nothing.
 */

const RUNS = { numRuns: 150 };
const PASSWORD = 'grey heron over the polder 7';
let world: World;
let app: InProcess;
let acme: Tenant;
let ada: Person;
const provider = new OpenIdProvider();

beforeAll(async () => {
  await provider.start();
  world = new World({ now: () => Date.now(), fault: () => undefined, advance: () => undefined });
  app = await world.start(undefined, 'silent', {
    SPAREKEY_PUBLIC_URL: 'http://localhost:4000',
    SPAREKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
  });
  acme = await Tenant.create(app.api, world.operatorToken);
  ada = await acme.enrolBefore('ada');
  await acme.service('PUT', '/users/bob', {});
  await acme.operator('PUT', '/users/bob/account', { login: 'bob', password: PASSWORD });
  await acme.operator('PUT', '/identity-providers/corp', {
    issuer: provider.address,
    jwksUri: `${provider.address}/jwks`,
    audience: 'sparekey',
    clientId: 'sparekey',
    claims: { user: { claim: 'sub', hash: true }, email: 'email', displayName: 'name' },
  });
}, 30_000);
afterAll(async () => {
  await world.close();
  provider.close();
});

const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((point) => String.fromCodePoint(point)),
});
const signIn = (password: string, headers: Record<string, string>) =>
  app.api('POST', '/v1/identity/sign-in', { body: { domain: 'acme', login: 'bob', password }, headers });

test('nobody is refused for what a proxy writes', async () => {
  const hop = fc.oneof(
    headerText,
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('unknown', '"', '[::1', 'for=', 'for="[', ';', ','),
  );
  const chain = fc.array(hop, { maxLength: 8 }).map((hops) => hops.join(','));
  await fc.assert(
    fc.asyncProperty(chain, fc.constantFrom('x-forwarded-for', 'forwarded'), async (value, header) => {
      expect((await signIn(PASSWORD, { [header]: value })).status).toBe(200);
    }),
    { numRuns: 40 }, // each is a slow hash
  );
});

test('who guesses is counted by address, whatever port a proxy writes after it', async () => {
  let limited = 0;
  for (let n = 0; n < 130 && limited === 0; n++) {
    const headers = { 'x-forwarded-for': `203.0.113.66:${30_000 + n}` };
    const body = { domain: 'acme', login: `nobody-${n}`, password: 'wrong' };
    if ((await app.api('POST', '/v1/identity/sign-in', { body, headers })).status === 429) limited = n;
  }
  expect(limited).toBeGreaterThanOrEqual(100);
  expect((await signIn(PASSWORD, { 'x-forwarded-for': '203.0.113.67:1' })).status).toBe(200);
}, 60_000);

test('a request is for us or for somebody else, whatever stands in Host', async () => {
  await fc.assert(
    fc.asyncProperty(headerText, async (host) => {
      const { status } = await app.api('GET', '/.well-known/jwks.json', { headers: { host } });
      expect([200, 421]).toContain(status);
    }),
    RUNS,
  );
});

test('whatever a callback says, it is answered, and changes nothing', async () => {
  const name = fc.oneof(headerText, fc.constantFrom('code', 'state', 'iss', 'error', 'response', 'id_token'));
  const query = fc.array(fc.tuple(name, headerText), { maxLength: 8 });
  const before = await world.store.end();
  await fc.assert(
    fc.asyncProperty(query, fc.boolean(), async (pairs, isEncoded) => {
      const encode = (text: string) => (isEncoded ? encodeURIComponent(text) : text.replaceAll(/[\s#]/g, ''));
      const text = pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
      const { status } = await app.api('GET', `/v1/identity/oidc/callback?${text}`);
      expect(status).toBe(401);
    }),
    RUNS,
  );
  expect(await world.store.end()).toBe(before);
});

test('whatever a provider says of a person, they get in', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 700 }),
    fc.string(),
    fc.emailAddress(),
    fc.jsonValue({ maxDepth: 2 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uuid(), value, value, async (sub, email, name) => {
      provider.claims = { sub, email, name };
      const start = await app.api('GET', '/v1/identity/oidc/start?domain=acme&provider=corp');
      const url = String(start.headers.location);
      const state = new URL(url).searchParams.get('state')!;
      const cookie = [start.headers['set-cookie'] ?? []].flat()[0]!.split(';')[0]!;
      const path = `/v1/identity/oidc/callback?code=${provider.code(url)}&state=${state}`;
      expect((await app.api('GET', path, { headers: { cookie } })).status).toBe(200);
    }),
    { numRuns: 60 },
  );
});

test('whatever is typed for a code is a code or costs no try, and the right one still passes', async () => {
  const challengeId = await acme.challenge('ada');
  const left = async () =>
    (await app.api('GET', `/v1/challenges/${challengeId}`)).body.attemptsLeft as number;
  const typed = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('totp', 'recovery-code'), typed, async (method, code) => {
      const { status, body } = await acme.answer(challengeId, { method, code });
      // a lone surrogate is no Unicode, and a string that by chance has six digits is a code
      expect([status, body.code]).toEqual([400, 'validation-failed']);
    }),
    RUNS,
  );
  expect(await left()).toBe(5);
  const code = `\u200e ${totpCode(ada.secret, Date.now()).replace(/(...)/, '$1\u2011')}.\r\n`;
  expect((await acme.answer(challengeId, { method: 'totp', code })).status).toBe(200);
});
