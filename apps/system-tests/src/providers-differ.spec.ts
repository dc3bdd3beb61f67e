import { CALLBACKS, OpenIdProvider, Tenant, World, type Api, type InProcess } from '@sparekey/testing';
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { decodeJwt, exportJWK, SignJWT, type JWK } from 'jose';

/*
 * How identity providers differ from one another and from the standard, and people sign in all the same. What is refused
 * is found in the log by a code (docs/operations.md).
 */

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;
const provider = new OpenIdProvider();

const settings = (change: object = {}) => ({
  issuer: provider.address,
  jwksUri: `${provider.address}/jwks`,
  audience: 'sparekey',
  clientId: 'sparekey',
  claims: { user: 'sub', email: 'email', displayName: 'name' },
  ...change,
});
const put = (change: object = {}, id = 'corp') =>
  acme.operator('PUT', `/identity-providers/${id}`, settings(change));

beforeAll(async () => {
  await provider.start();
  world = new World({ now: () => Date.now(), fault: () => undefined, advance: () => undefined });
  app = await world.start();
  ({ api } = app);
  acme = await Tenant.create(api, world.operatorToken);
  expect((await put()).status).toBe(200);
});
afterAll(async () => {
  await world.close();
  provider.close();
});
beforeEach(() => {
  provider.claims = {};
  provider.ahead = 0;
  provider.forge = undefined;
});

class Browser {
  readonly jar = new Map<string, string>();

  async get(path: string) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await api('GET', path, { headers: { cookie } });
    for (const one of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  async start(id = 'corp'): Promise<{ code: string; state: string }> {
    const { headers } = await this.get(`/v1/identity/oidc/start?domain=acme&provider=${id}`);
    const url = String(headers.location);
    return { code: provider.code(url), state: new URL(url).searchParams.get('state')! };
  }

  finish({ code, state }: { code: string; state: string }) {
    return this.get(`/v1/identity/oidc/callback?code=${code}&state=${state}`);
  }

  async signIn(id?: string) {
    return this.finish(await this.start(id));
  }
}

/** What the log says of the last sign-in. */
async function logged(): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setTimeout(resolve, 150));
  return app.log.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the callback', () => {
  test.each(CALLBACKS)('$outcome: $source', async ({ query, outcome }) => {
    const browser = new Browser();
    const { code, state } = await browser.start();
    const filled = query
      .replaceAll('{code}', encodeURIComponent(code))
      .replaceAll('{state}', encodeURIComponent(state))
      .replaceAll('{iss}', encodeURIComponent(provider.address));
    const { status, body } = await browser.get(`/v1/identity/oidc/callback?${filled}`);
    if (outcome === 'signs-in') expect([status, body.decision]).toEqual([200, 'enroll']);
    else expect([status, body.code]).toEqual([401, 'sign-in-refused']);
  });

  test('of each of several tabs signs in, in any order', async () => {
    const browser = new Browser();
    const tabs = [await browser.start(), await browser.start(), await browser.start()];
    for (const tab of [tabs[0]!, tabs[2]!, tabs[1]!]) expect((await browser.finish(tab)).status).toBe(200);
    for (const tab of tabs) expect((await browser.finish(tab)).status).toBe(401); // each once
  });

  test('is forgotten where a browser begins too many: its cookies stay few', async () => {
    const browser = new Browser();
    const tabs = [];
    for (let n = 0; n < 8; n++) tabs.push(await browser.start());
    expect([...browser.jar.keys()].filter((name) => name.startsWith('sparekey-provider-'))).toHaveLength(5);
    expect((await browser.finish(tabs[0]!)).status).toBe(401);
    expect((await browser.finish(tabs[7]!)).status).toBe(200);
  });
});

describe('whoever the provider vouches for gets in', () => {
  test.each([
    ['no address', {}, {}],
    ['an empty one', { email: '' }, {}],
    ['null', { email: null }, {}],
    ['a list', { email: ['ada@acme.test'] }, {}],
    ['capitals in the domain', { email: 'Ada@ACME.test' }, { emails: ['Ada@acme.test'] }],
    [
      'an international domain',
      { email: 'ada@b\u00fccher.example' },
      { emails: ['ada@xn--bcher-kva.example'] },
    ],
    ['an international mailbox', { email: 'j\u00fcrgen@acme.test' }, {}],
    ['a host without a dot', { email: 'ada@corp' }, {}],
    ['an address literal', { email: 'ada@[192.0.2.1]' }, {}],
    ['no address at all', { email: 'none' }, {}],
    ['a line end', { email: 'ada@acme.test\r\nBcc: eve@evil.test' }, {}],
    [
      'a name with joiners',
      { name: '\u0639\u0644\u06cc\u200c\u0631\u0636\u0627' },
      { displayName: '\u0639\u0644\u06cc\u200c\u0631\u0636\u0627' },
    ],
    ['a long name', { name: 'x'.repeat(500) }, { displayName: 'x'.repeat(128) }],
    ['a name that turns round', { name: 'a\u202eb' }, { displayName: 'ab' }],
    ['a name of nothing', { name: '\u200b' }, {}],
    ['a name that is a number', { name: 7 }, {}],
    ['markup', { name: '<b>Ada</b>' }, { displayName: '<b>Ada</b>' }],
  ])('with %s', async (what, claims: object, contacts: object) => {
    const sub = `p-${what.replaceAll(/\W/g, '-')}`;
    provider.claims = { sub, ...claims };
    expect(await new Browser().signIn()).toMatchObject({ status: 200, body: { decision: 'enroll' } });
    await world.projector.catchUp();
    const { body } = await acme.operator('GET', `/users?query=${sub}`);
    const { emails, displayName } = body.items[0] as Record<string, unknown>;
    expect({
      ...(emails !== undefined && { emails }),
      ...(displayName !== undefined && { displayName }),
    }).toEqual({
      emails: [],
      ...contacts,
    });
  });

  test('and what was left out stands in the log by its field, without its value', async () => {
    provider.claims = { sub: 'p-log', email: 'secret-canary@corp', name: `${'n'.repeat(200)}` };
    await new Browser().signIn();
    const lines = (await logged()).filter(({ field }) => field !== undefined).slice(-2);
    expect(lines).toMatchObject([
      { domain: 'acme', provider: 'corp', field: 'displayName', how: 'shortened' },
      { domain: 'acme', provider: 'corp', field: 'email', how: 'left out' },
    ]);
    expect(app.log.join('')).not.toContain('secret-canary');
  });

  test('whose clock is a little ahead or behind, by cookie and by token', async () => {
    for (const ahead of [-50, 50]) {
      provider.ahead = ahead;
      provider.claims = ahead > 0 ? { nbf: Math.floor(Date.now() / 1_000) + ahead } : {};
      expect((await new Browser().signIn()).status).toBe(200);
      const token = await provider.idToken({ sub: 'grace' });
      expect((await api('GET', '/v1/domains/acme/users/grace/security', { token })).status).toBe(200);
    }
  });
});

describe('a refusal is found in the log', () => {
  const seconds = () => Math.floor(Date.now() / 1_000);

  test.each([
    ['id-token-time', 'exp', () => ({ exp: seconds() - 300 })],
    ['id-token-claim', 'aud', () => ({ aud: 'somebody-else' })],
    ['id-token-claim', 'nonce', () => ({ nonce: 'another' })],
    ['id-token-time', 'auth_time', () => ({ auth_time: seconds() - 90 * 3_600 })],
    ['id-token-time', 'auth_time', () => ({ auth_time: seconds() + 120 })],
    ['subject-unusable', undefined, () => ({ sub: 'auth0|no user id' })],
  ])('as %s (%s)', async (reason, claim, claims: () => object) => {
    provider.claims = claims() as Record<string, unknown>;
    expect((await new Browser().signIn()).status).toBe(401);
    const lines = (await logged()).filter((line) => line.reason !== undefined);
    expect(lines.at(-1)).toMatchObject({ domain: 'acme', provider: 'corp', reason, ...(claim && { claim }) });
  });

  test.each([
    ['token-time', { exp: 1 }],
    ['token-claim', { aud: 'somebody-else' }],
  ])('of a bearer token, as %s', async (reason, claims) => {
    const token = await provider.idToken(claims);
    expect((await api('GET', '/v1/domains/acme/users/grace/security', { token })).status).toBe(401);
    const lines = (await logged()).filter((line) => line.reason !== undefined);
    expect(lines.at(-1)).toMatchObject({ domain: 'acme', provider: 'corp', reason });
  });

  test('of a browser that has not begun, and of a provider that says no', async () => {
    await new Browser().get(`/v1/identity/oidc/callback?code=x&state=${'s'.repeat(43)}`);
    expect((await logged()).at(-2)).toMatchObject({ reason: 'browser-unknown' });
    const browser = new Browser();
    const { state } = await browser.start();
    await browser.get(`/v1/identity/oidc/callback?error=access_denied&state=${state}`);
    expect((await logged()).at(-2)).toMatchObject({ reason: 'provider-refused', said: 'access_denied' });
  });
});

describe('an ID token that the registered keys did not sign lets nobody in', () => {
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = (header: { alg: string }, key: KeyObject | Uint8Array) => (claims: object) =>
    new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
  const published = async () => {
    const { keys } = (await (await fetch(`${provider.address}/jwks`)).json()) as { keys: JWK[] };
    return createPublicKey({ key: keys[0] as JsonWebKey, format: 'jwk' });
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each([
    [
      'by a foreign key of the same name',
      async () => signed({ alg: 'RS256', kid: 'k' } as never, foreign.privateKey),
    ],
    [
      'by a foreign key in its header',
      async () =>
        signed({ alg: 'RS256', jwk: await exportJWK(foreign.publicKey) } as never, foreign.privateKey),
    ],
    ['by nobody', async () => (claims: object) => `${part({ alg: 'none' })}.${part(claims)}.`],
    [
      'by what the client is called',
      async () => signed({ alg: 'HS256' }, Buffer.from('sparekey'.padEnd(32, '0'))),
    ],
    [
      'by the public key as a secret',
      async () =>
        signed(
          { alg: 'HS256', kid: 'k' } as never,
          (await published()).export({ type: 'spki', format: 'der' }),
        ),
    ],
  ])('%s', async (_, forge) => {
    provider.forge = await forge();
    expect((await new Browser().signIn()).body.code).toBe('sign-in-refused');
    provider.forge = undefined;
    expect((await new Browser().signIn()).status).toBe(200);
  });

  test('whatever keys the provider’s own description names', async () => {
    const other = new OpenIdProvider();
    await other.start();
    try {
      await put({ jwksUri: `${other.address}/jwks` }, 'other-keys');
      expect((await new Browser().signIn('other-keys')).body.code).toBe('sign-in-refused');
      expect((await logged()).filter(({ reason }) => reason !== undefined).at(-1)).toMatchObject({
        provider: 'other-keys',
        reason: 'token-signature',
      });
    } finally {
      other.close();
    }
    await acme.operator('DELETE', '/identity-providers/other-keys');
  });
});

describe('the issuer', () => {
  test('may be set with a slash too many or too few', async () => {
    await put({ issuer: `${provider.address}/` }, 'slash');
    expect((await new Browser().signIn('slash')).status).toBe(200);
    provider.issuer = `${provider.address}/`;
    await put({ clientId: 'other' }, 'slash');
    provider.claims = { aud: 'other' };
    expect((await new Browser().signIn('slash')).status).toBe(200);
    provider.issuer = provider.address;
  });

  test('in another spelling leaves everybody who they are, also under a digest', async () => {
    const hashed = { claims: { user: { claim: 'sub', hash: true } } };
    await acme.operator('DELETE', '/identity-providers/slash');
    await put(hashed, 'hashed');
    const subjectOf = async () =>
      decodeJwt((await new Browser().signIn('hashed')).body.session.token as string).sub;
    const before = await subjectOf();
    await put({ ...hashed, issuer: `${provider.address}/` }, 'hashed');
    expect(await subjectOf()).toBe(before);
    await acme.operator('DELETE', '/identity-providers/hashed');
    await put({ ...hashed, issuer: `${provider.address}/` }, 'hashed');
    expect(await subjectOf()).toBe(before);
  });

  test('is not changed to another where that would make everybody a new person', async () => {
    const hashed = { claims: { user: { claim: 'sub', hash: true } } };
    await put(hashed, 'moved');
    const { status, body } = await put({ ...hashed, issuer: 'https://elsewhere.example' }, 'moved');
    expect([status, body.code]).toEqual([422, 'policy-refused']);
    expect((await acme.operator('GET', '/identity-providers/moved')).body.issuer).toBe(provider.address);
  });
});

test('a provider in a private network is asked where the operator lists it', async () => {
  const environment = {
    SPAREKEY_PUBLIC_URL: 'http://localhost:4000',
    SPAREKEY_PROVIDER_NETWORKS: '10.20.0.0/16',
  };
  const inside = await world.start(undefined, 'silent', environment);
  const register = (issuer: string) =>
    inside.api('PUT', '/v1/domains/acme/identity-providers/inside', {
      token: world.operatorToken,
      body: settings({ issuer, jwksUri: `${issuer}/jwks` }),
    });
  expect((await register('https://10.20.30.40/realms/acme')).status).toBe(200);
  for (const elsewhere of [
    'https://10.21.0.1',
    'https://192.168.7.7',
    'https://[fd00::7]',
    'https://169.254.169.254',
  ])
    expect((await register(elsewhere)).status).toBe(400);
});
