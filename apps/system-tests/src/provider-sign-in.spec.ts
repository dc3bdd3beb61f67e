import { once } from 'node:events';
import { jest } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tenant, World, type Api } from '@sparekey/testing';
import { decodeJwt } from 'jose';
import Provider from 'oidc-provider';

/*
 * Signing in through the organisation's own OpenID provider: a real one, of another hand, on loopback. Its pages for
 * development take any login and any password; a browser is played by a jar of cookies that follows redirects.
 */

let world: World;
let api: Api;
let acme: Tenant;
let server: Server;
let issuer: string;

const CALLBACK = 'http://localhost:4000/v1/identity/oidc/callback';

beforeAll(async () => {
  // what an account of the provider says of itself; it tells who it is by `sub` alone
  const findAccount = (_: unknown, id: string) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id.toLowerCase()}@acme.example`, name: `Person ${id}` }),
  });
  server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  const info = jest.spyOn(console, 'info').mockImplementation(() => undefined);
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sparekey',
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
        response_types: ['code'],
        grant_types: ['authorization_code'],
        application_type: 'native',
      },
    ],
    findAccount: findAccount,
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['a key of this test'] },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  world = new World({ now: () => Date.now(), fault: () => undefined, advance: () => undefined });
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  await acme.operator('PUT', '/identity-providers/corp', {
    issuer,
    jwksUri: `${issuer}/jwks`,
    audience: 'sparekey',
    clientId: 'sparekey',
    claims: { user: { claim: 'sub', hash: false }, email: 'email', displayName: 'name' },
  });
  warn.mockRestore();
  info.mockRestore();
}, 30_000);
afterAll(async () => {
  await world.close();
  server.closeAllConnections();
  server.close();
});

class Browser {
  readonly #cookies = new Map<string, string>();

  keep(setCookies: readonly string[]): void {
    for (const one of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** At Sparekey. */
  async call(path: string, accept = '*/*') {
    const answer = await api('GET', path, { headers: { cookie: this.cookie, accept } });
    this.keep([answer.headers['set-cookie'] ?? []].flat());
    return answer;
  }

  /** At the provider: follows redirects, signs in where it is asked to. @returns the address of the callback */
  async atProvider(url: string, login: string): Promise<string> {
    let next = { url, init: {} as RequestInit };
    for (let hops = 0; hops < 20; hops++) {
      if (next.url.startsWith(CALLBACK)) return next.url.slice('http://localhost:4000'.length);
      const headers = { cookie: this.cookie, ...(next.init.headers as object) };
      const response = await fetch(next.url, { ...next.init, headers, redirect: 'manual' });
      this.keep(response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location) {
        next = { url: new URL(location, next.url).href, init: {} };
        continue;
      }
      const page = await response.text();
      const action = /action="([^"]+)"/.exec(page)?.[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
      if (!action || !prompt) throw new Error(`no form: ${page.slice(0, 400)}`);
      const body = new URLSearchParams({ prompt, login, password: 'any' });
      next = { url: new URL(action, next.url).href, init: { method: 'POST', body } };
    }
    throw new Error('redirected for ever');
  }
}

const start = (browser: Browser, more = '') =>
  browser.call(`/v1/identity/oidc/start?domain=acme&provider=corp${more}`);

async function signIn(login: string, more = '') {
  const browser = new Browser();
  const began = await start(browser, more);
  expect(began.status).toBe(302);
  return { browser, callback: await browser.atProvider(String(began.headers.location), login) };
}

test('who is new comes into being, and goes on to the second step', async () => {
  const { browser, callback } = await signIn('Grace');
  const { status, body } = await browser.call(callback);
  expect(status).toBe(200);
  expect(body).toMatchObject({ decision: 'enroll', skippable: true });
  expect(decodeJwt(body.session.token)).toMatchObject({
    sub: 'Grace',
    scope: 'enroll',
    acr: 'urn:sparekey:acr:none',
  });
  expect((await acme.service('GET', '/users/Grace/security')).status).toBe(200);
});

test('who has enrolled is asked for the second step like anybody', async () => {
  await acme.service('PUT', '/users/Linus', {});
  await acme.enrol('Linus', () => world.clock.now());
  const { browser, callback } = await signIn('Linus');
  expect((await browser.call(callback)).body).toMatchObject({ decision: 'challenge' });
});

test('the session can be a cookie', async () => {
  const { browser, callback } = await signIn('Barbara', '&session=cookie');
  const { body } = await browser.call(callback);
  expect(body.session).toEqual({ expiresAt: expect.any(String) });
  expect((await browser.call('/v1/domains/acme/users/Barbara/security')).status).toBe(200);
});

test('a person may be known by the digest of a claim, so that no address stands in the log', async () => {
  const settings = (await acme.operator('GET', '/identity-providers/corp')).body;
  const { provider: _, ...before } = settings;
  const hashed = { ...before, claims: { ...before.claims, user: { claim: 'sub', hash: true } } };
  await acme.operator('PUT', '/identity-providers/corp', hashed);
  const { browser, callback } = await signIn('Edsger');
  const { sub } = decodeJwt((await browser.call(callback)).body.session.token);
  expect(sub).toMatch(/^[0-9a-f]{64}$/);
  await acme.operator('PUT', '/identity-providers/corp', before);
});

test('a fresh proof is had from the provider, which asks anew', async () => {
  const { browser, callback } = await signIn('Alan');
  const first = (await browser.call(callback)).body.session.token;
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // the provider counts whole seconds
  const again = await start(browser);
  const quick = (await browser.call(await browser.atProvider(String(again.headers.location), 'Alan'))).body;
  expect(decodeJwt(quick.session.token).first_at).toBe(decodeJwt(first).first_at); // single sign-on: as old as it was
  const anew = await start(browser, '&fresh=true');
  const fresh = (await browser.call(await browser.atProvider(String(anew.headers.location), 'Alan'))).body;
  expect(decodeJwt(fresh.session.token).first_at).toBeGreaterThan(decodeJwt(first).first_at as number);
});

describe('a callback', () => {
  test('works once', async () => {
    const { browser, callback } = await signIn('Ken');
    const cookies = browser.cookie;
    expect((await browser.call(callback)).status).toBe(200);
    expect((await browser.call(callback)).status).toBe(401);
    const again = await api('GET', callback, { headers: { cookie: cookies } });
    expect(again).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
  });

  test('is of the browser that set out', async () => {
    const { callback } = await signIn('Dennis');
    expect((await new Browser().call(callback)).status).toBe(401);
    const other = new Browser();
    await start(other);
    expect((await other.call(callback)).status).toBe(401);
  });

  test.each([
    ['state', (url: string) => url.replace(/state=[^&]+/, 'state=x')],
    ['code', (url: string) => url.replace(/code=[^&]+/, 'code=x')],
    ['issuer', (url: string) => url.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
  ])('with another %s is refused', async (_, change) => {
    const { browser, callback } = await signIn('Brian');
    expect(await browser.call(change(callback))).toMatchObject({
      status: 401,
      body: { code: 'sign-in-refused' },
    });
  });

  test('that says the provider refused is told so', async () => {
    const browser = new Browser();
    const { headers } = await start(browser);
    const state = new URL(String(headers.location)).searchParams.get('state');
    const iss = encodeURIComponent(issuer);
    const answer = await browser.call(
      `/v1/identity/oidc/callback?error=access_denied&state=${state}&iss=${iss}`,
    );
    expect(answer).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
  });
});

describe('a provider', () => {
  const put = (id: string, change: object) =>
    acme.operator('PUT', `/identity-providers/${id}`, {
      issuer,
      jwksUri: `${issuer}/jwks`,
      audience: 'sparekey',
      claims: { user: 'sub' },
      ...change,
    });
  const begin = (id: string) => new Browser().call(`/v1/identity/oidc/start?domain=acme&provider=${id}`);

  test('that is unknown, or only issues tokens, signs nobody in', async () => {
    await put('tokens', {});
    expect((await begin('nowhere')).status).toBe(404);
    expect((await begin('tokens')).status).toBe(404);
  });

  test('that cannot be reached is said to be away', async () => {
    await put('away', { issuer: 'http://localhost:9', clientId: 'sparekey' });
    expect(await begin('away')).toMatchObject({ status: 503, body: { code: 'not-ready' } });
  });

  test.each(['https://10.0.0.1', 'https://169.254.169.254', 'https://[fd00::1]', 'https://[::ffff:a00:1]'])(
    'at %s is refused when it is registered',
    async (address) => {
      const { status, body } = await put('inside', { issuer: address, clientId: 'sparekey' });
      expect(status).toBe(400);
      expect(body.errors).toContainEqual({
        field: 'issuer',
        message: expect.stringContaining('SPAREKEY_PROVIDER_NETWORKS') as string,
      });
      expect((await begin('inside')).status).toBe(404);
    },
  );
});

describe('a browser, on its way', () => {
  const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';

  test('goes on to the page of what comes next, with a session in a cookie', async () => {
    const { browser, callback } = await signIn('Page', '&session=cookie');
    const { status, headers } = await browser.call(callback, HTML);
    expect([status, headers.location]).toEqual([302, '/set-up']);
    expect(browser.cookie).toContain('sparekey-session=');
  });

  test('is shown a page where it is refused, and which organisation it was where that is known', async () => {
    const browser = new Browser();
    const stranger = await browser.call('/v1/identity/oidc/callback?code=x&state=y', HTML);
    expect([stranger.status, stranger.headers.location]).toEqual([302, '/sign-in#provider-refused']);
    const { browser: own, callback } = await signIn('Refused', '&session=cookie');
    const bent = callback.replace(/code=[^&]+/, 'code=bent');
    const refused = await own.call(bent, HTML);
    expect([refused.status, refused.headers.location]).toEqual([302, '/sign-in/acme#provider-refused']);
  });

  test('learns before signing in what the organisation is called and whom it trusts; of none that there is, nothing', async () => {
    const options = async (domain: string) => (await api('GET', `/v1/identity/domains/${domain}`)).body;
    expect(await options('acme')).toEqual({
      domain: 'acme',
      organisation: 'Acme',
      passkey: false,
      providers: expect.arrayContaining([{ provider: 'corp' }]),
    });
    expect(await options('nowhere')).toEqual({
      domain: 'nowhere',
      organisation: 'nowhere',
      passkey: false,
      providers: [],
    });
  });
});
