import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Tenant,
  totpCode,
  World,
  type Account,
  type Api,
  type InProcess,
  type Person,
} from '@sparekey/testing';
import { decodeJwt, decodeProtectedHeader, exportJWK, SignJWT } from 'jose';

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;
let ada: Person;
let account: Account;
let provider: Server;
let issuer: string;
let fetches = 0;

const DOMAIN = 'http://localhost:4000/domains/acme';
const keys = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('ed25519');
const seconds = () => Math.floor(world.clock.now() / 1_000);
const code = () => ({ method: 'totp', code: totpCode(ada.secret, world.clock.now()) });

/** A token that the organisation's provider could have issued. */
const provided = (change: object = {}, header: object = {}, key: KeyObject = keys.privateKey) =>
  new SignJWT({ iss: issuer, aud: 'sparekey', sub: 'bob', iat: seconds(), exp: seconds() + 300, ...change })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', ...header })
    .sign(key);

beforeAll(async () => {
  world = new World();
  app = await world.start();
  ({ api } = app);
  acme = await Tenant.create(api, world.operatorToken);
  ada = await acme.enrol('ada', () => world.clock.now());
  account = await acme.account('ada');
  await acme.service('PUT', '/users/bob', { emails: [] });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'EdDSA' }] });
  provider = createServer((_request, response) => {
    fetches++;
    response.setHeader('content-type', 'application/json');
    response.end(jwks);
  }).listen(0, 'localhost');
  await once(provider, 'listening');
  issuer = `http://localhost:${(provider.address() as AddressInfo).port}`;
  const put = await acme.operator('PUT', '/identity-providers/corp', {
    issuer,
    jwksUri: `${issuer}/jwks`,
    audience: 'sparekey',
    claims: { user: 'sub' },
  });
  expect(put.status).toBe(200);
});
afterAll(async () => {
  await world.close();
  provider.close();
});
beforeEach(() => world.clock.advance(30));

const security = (token: string, domain = 'acme') =>
  api('GET', `/v1/domains/${domain}/users/ada/security`, { token });

async function everyToken(): Promise<Record<string, string>> {
  world.clock.advance(30);
  const { body: opened } = await acme.open('ada');
  const result = (await acme.answer(opened.challengeId, code())).body.result;
  world.clock.advance(30);
  const session = await acme.fullSession(account, code);
  const expiresAt = new Date(world.clock.now() + 60_000).toISOString();
  const { body: access } = await api('POST', '/v1/domains/acme/users/ada/access-tokens', {
    token: session,
    body: { name: 'cron', scopes: ['security:read'], expiresAt },
  });
  const machine = await acme.operator('POST', '/api-tokens', { name: 'm', role: 'help-desk' });
  const { signer } = app.ports;
  const claims = { ...decodeJwt(session), iss: DOMAIN };
  return {
    result,
    session,
    grant: await signer.sign('sparekey-grant+jwt', claims),
    untyped: await signer.sign('JWT', claims),
    'access token': access.token,
    'API token': machine.body.token,
    'provider JWT': await provided({ sub: 'ada' }),
    'challenge id': await acme.challenge('ada'),
    'operator token': world.operatorToken,
  };
}

describe('each token is good for what it is for, and for nothing else', () => {
  let tokens: Record<string, string>;
  beforeAll(async () => {
    tokens = await everyToken();
    expect(Object.values(tokens)).toEqual(Object.keys(tokens).map(() => expect.any(String)));
  });

  test('as a bearer of a call that reads', async () => {
    const good = await Promise.all(
      Object.entries(tokens).map(async ([kind, token]) => [kind, (await security(token)).status] as const),
    );
    expect(Object.fromEntries(good)).toEqual({
      result: 401,
      session: 200,
      grant: 401,
      untyped: 401,
      'access token': 200,
      'API token': 200,
      'provider JWT': 401, // a first step, where two-step verification is on
      'challenge id': 401,
      'operator token': 200,
    });
  });

  test('where a session is wanted', async () => {
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === 'session') continue;
      const goOn = await api('POST', '/v1/identity/sessions', { token });
      expect([kind, goOn.status]).toEqual([kind, 401]);
      const confirm = await api('POST', '/v1/identity/confirm-password', { token, body: { password: 'x' } });
      expect([kind, [401, 403].includes(confirm.status)]).toEqual([kind, true]);
      expect(confirm.body.code).not.toBe('sign-in-refused'); // the password was not even looked at
    }
  });

  test('where a result is wanted', async () => {
    for (const [kind, token] of Object.entries(tokens)) {
      const { status, body } = await api('POST', '/v1/identity/sessions', { body: { result: token } });
      expect([kind, status, body.code]).toEqual([kind, 401, 'unauthenticated']); // `result` is for another service
    }
  });

  test('where the code of a hosted challenge is wanted', async () => {
    for (const [kind, token] of Object.entries(tokens)) {
      const body = { code: token.slice(0, 512), codeVerifier: 'x'.repeat(43) };
      expect([kind, (await acme.service('POST', '/results', body)).status]).toEqual([kind, 404]);
    }
  });

  test('where a challenge id is wanted', async () => {
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === 'challenge id') continue;
      expect([kind, (await api('GET', `/v1/challenges/${token.slice(0, 1_000)}`)).status]).toEqual([
        kind,
        404,
      ]);
    }
  });

  test('in another domain', async () => {
    await Tenant.create(api, world.operatorToken, 'other');
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === 'operator token') continue;
      const { status } = await security(token, 'other');
      expect([kind, [401, 403].includes(status)]).toEqual([kind, true]);
    }
  });
});

describe('a session is none', () => {
  const forged = async (change: object, header: object = {}, key: KeyObject = foreign.privateKey) => {
    const real = await acme.fullSession(account, code);
    return new SignJWT({ ...decodeJwt(real), ...change })
      .setProtectedHeader({ ...(decodeProtectedHeader(real) as { alg: string }), ...header })
      .sign(key);
  };
  const unsigned = async (alg: string, sign: (input: string) => string) => {
    const real = await acme.fullSession(account, code);
    const head = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(real), alg })).toString('base64url');
    const input = `${head}.${real.split('.')[1]}`;
    return `${input}.${sign(input)}`;
  };

  test.each([
    ['signed by another key', () => forged({})],
    ['with its own key in the header', async () => forged({}, { jwk: await exportJWK(foreign.publicKey) })],
    ['without a signature', () => unsigned('none', () => '')],
    [
      'signed with the public key as a secret',
      () =>
        unsigned('HS256', (input) =>
          createHmac('sha256', JSON.stringify(app.ports.signer.publicJwk)).update(input).digest('base64url'),
        ),
    ],
    [
      'signed with the DER of the public key as a secret',
      () =>
        unsigned('HS256', (input) =>
          createHmac('sha256', app.ports.signer.publicKey.export({ type: 'spki', format: 'der' }))
            .update(input)
            .digest('base64url'),
        ),
    ],
  ])('%s', async (_, forge) => {
    expect((await security(await forge())).status).toBe(401);
  });

  const resigned = async (change: object) => {
    const real = await acme.fullSession(account, code);
    return app.ports.signer.sign('sparekey-session+jwt', { ...decodeJwt(real), ...change });
  };

  test.each([
    ['of another issuer', { iss: 'http://localhost:4000/domains/other' }],
    ['of an issuer that looks like it', { iss: 'http://localhost:4000/domains/acme/' }],
    ['for another service', { aud: `${DOMAIN}/services/payroll` }],
    ['for nobody', { aud: undefined }],
    ['expired', { exp: 1 }],
    ['without an end', { exp: undefined }],
    ['not yet valid', { nbf: 9_999_999_999 }],
    ['of a session that never began', { sid: '0f000000-0000-4000-8000-000000000000' }],
    ['of another person', { sub: 'bob' }],
    ['of an earlier epoch', { epoch: -1 }],
  ])('%s, even signed by Sparekey itself', async (_, change) => {
    expect((await security(await resigned({}))).status).toBe(200);
    world.clock.advance(30);
    expect((await security(await resigned(change))).status).toBe(401);
  });
});

describe('a result is none', () => {
  const exchange = (result: string) => api('POST', '/v1/identity/sessions', { body: { result } });
  const real = async (): Promise<string> => {
    const { challengeId } = (await acme.signIn(account)).body.challenge;
    return (await acme.answer(challengeId, code())).body.result as string;
  };
  const forged = async (change: object, header: object = {}, key: KeyObject = foreign.privateKey) => {
    const result = await real();
    return new SignJWT({ ...decodeJwt(result), ...change })
      .setProtectedHeader({ ...(decodeProtectedHeader(result) as { alg: string }), ...header })
      .sign(key);
  };
  const unsigned = async (alg: string, secret?: Buffer) => {
    const result = await real();
    const head = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(result), alg })).toString('base64url');
    const input = `${head}.${result.split('.')[1]}`;
    return `${input}.${secret ? createHmac('sha256', secret).update(input).digest('base64url') : ''}`;
  };
  const resigned = async (change: object, typ = 'sparekey-result+jwt') =>
    app.ports.signer.sign(typ, { ...decodeJwt(await real()), ...change });

  test.each([
    ['signed by another key', () => forged({})],
    ['with its own key in the header', async () => forged({}, { jwk: await exportJWK(foreign.publicKey) })],
    ['without a signature', () => unsigned('none')],
    [
      'signed with the public key as a secret',
      () => unsigned('HS256', app.ports.signer.publicKey.export({ type: 'spki', format: 'der' })),
    ],
    ['of another type, with the same claims', () => resigned({}, 'sparekey-grant+jwt')],
    ['of a session’s type, with the same claims', () => resigned({}, 'sparekey-session+jwt')],
    ['of another issuer', () => resigned({ iss: 'http://localhost:4000/domains/other' })],
    ['of a foreign issuer', () => resigned({ iss: 'https://evil.example/domains/acme' })],
    ['for another service', () => resigned({ aud: `${DOMAIN}/services/payroll` })],
    ['expired', () => resigned({ exp: seconds() - 60 })],
    ['not yet valid', () => resigned({ nbf: seconds() + 60 })],
    ['for another purpose', () => resigned({ purpose: 'account-recovery' })],
    ['of a sign-in under another password', () => resigned({ signInId: 'x.9.0.0' })],
    ['of a sign-in that says nothing', () => resigned({ signInId: 'x' })],
  ])('%s, even signed by Sparekey itself', async (_, forge) => {
    expect(await exchange(await forge())).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test('twice: its jti is burnt', async () => {
    const result = await real();
    expect((await exchange(result)).status).toBe(200);
    expect(await exchange(result)).toMatchObject({ status: 409, body: { code: 'result-taken' } });
    const again = await app.ports.signer.sign('sparekey-result+jwt', decodeJwt(result)); // the same jti, signed anew
    expect((await exchange(again)).status).toBe(409);
  });
});

describe("a provider's token", () => {
  const ofBob = (token: string) => api('GET', '/v1/domains/acme/users/bob/security', { token });

  test('is worth what it proves: with two-step verification on, a first step reads and changes nothing', async () => {
    for (const path of ['security', 'audit', 'access-tokens']) {
      const { status, body } = await api('GET', `/v1/domains/acme/users/ada/${path}`, {
        token: await provided({ sub: 'ada' }),
      });
      expect([path, status, body.code]).toEqual([path, 401, 'step-up-required']);
    }
    const both = await provided({ sub: 'ada', amr: ['pwd', 'mfa'] });
    expect((await security(both)).status).toBe(200);
  });

  test.each([
    ['signed by another key', () => provided({}, {}, foreign.privateKey)],
    [
      'with its own key in the header',
      async () => provided({}, { jwk: await exportJWK(foreign.publicKey) }, foreign.privateKey),
    ],
    [
      'with another address of keys',
      () => provided({}, { jku: 'http://localhost:1/jwks' }, foreign.privateKey),
    ],
    ['of a foreign issuer', () => provided({ iss: 'https://id.evil.example' })],
    ['for another audience', () => provided({ aud: 'payroll' })],
    ['expired', () => provided({ exp: seconds() - 62 })],
    ['without an end', () => provided({ exp: undefined })],
    ['not yet valid', () => provided({ nbf: seconds() + 62 })],
    ['of a sign-in that is yet to come', () => provided({ auth_time: seconds() + 62 })],
    ['about nobody', () => provided({ sub: undefined })],
    ['about what is no user id', () => provided({ sub: 'bob.x' })],
    ['about a list', () => provided({ sub: ['bob'] })],
  ])('%s is refused', async (_, forge) => {
    expect((await ofBob(await forge())).status).toBe(401);
  });

  test.each(['none', 'HS256'])('of alg %s is refused', async (alg) => {
    const real = await provided();
    const head = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
    const input = `${head}.${real.split('.')[1]}`;
    const der = keys.publicKey.export({ type: 'spki', format: 'der' });
    const signature = alg === 'none' ? '' : createHmac('sha256', der).update(input).digest('base64url');
    expect((await ofBob(`${input}.${signature}`)).status).toBe(401);
  });

  test('speaks for its person, whose keys are fetched once, and gives roles no effect without a second factor', async () => {
    await acme.operator('PUT', '/users/bob', { emails: [], roles: ['administrator'] });
    const policy = (token: string) => api('GET', '/v1/domains/acme/policy', { token });
    expect((await ofBob(await provided())).status).toBe(200);
    expect(await policy(await provided())).toMatchObject({ status: 401, body: { code: 'step-up-required' } });
    expect((await policy(await provided({ amr: ['pwd', 'mfa'] }))).status).toBe(200);
    await acme.operator('PUT', '/users/bob', { emails: [], roles: [] });
    expect((await policy(await provided({ amr: ['pwd', 'mfa'] }))).status).toBe(403);
    expect(fetches).toBeLessThanOrEqual(3);
  });

  test('says when it cannot be judged', async () => {
    await acme.operator('PUT', '/identity-providers/gone', {
      issuer: 'http://localhost:9',
      jwksUri: 'http://localhost:9/jwks',
      audience: 'sparekey',
      claims: { user: 'sub' },
    });
    const gone = await provided({ iss: 'http://localhost:9' });
    expect(await ofBob(gone)).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    await acme.operator('DELETE', '/identity-providers/gone');
    expect((await ofBob(gone)).status).toBe(401);
  });
});

describe('what a session is worth', () => {
  test.each(['urn:sparekey:acr:9', '', 'constructor', undefined])(
    'an acr that is none of ours (%j) opens no session, and is worth nothing in one',
    async (acr) => {
      const tokens = await everyToken();
      const { signer, random } = app.ports;
      const claims = { ...decodeJwt(tokens.session!), acr };
      expect((await security(await signer.sign('sparekey-session+jwt', claims))).status).toBe(401);
      const known = await signer.sign('sparekey-session+jwt', { ...claims, acr: 'urn:sparekey:acr:2' });
      expect((await security(known)).status).toBe(200);
      const { signInId } = claims as { signInId?: string };
      const result = {
        ...decodeJwt(tokens.result!),
        aud: `${DOMAIN}/services/identity`,
        jti: random.uuid(),
        iat: seconds(),
        exp: seconds() + 300,
        signInId,
        acr,
      };
      const body = { result: await signer.sign('sparekey-result+jwt', result) };
      expect((await api('POST', '/v1/identity/sessions', { body })).status).toBe(401);
    },
  );
});
