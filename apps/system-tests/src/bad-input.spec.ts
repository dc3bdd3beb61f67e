import { authenticator } from '@sparekey/factors/testing';
import { describeApi } from '@sparekey/server';
import { PASSWORD, Tenant, World, type Api, type ApiAnswer, type InProcess } from '@sparekey/testing';
import fc from 'fast-check';

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;
let challengeId: string;
let factorId: string;
let session: string;

beforeAll(async () => {
  world = new World();
  app = await world.start();
  api = app.api;
  acme = await Tenant.create(api, world.operatorToken);
  ({ factorId } = await acme.enrol('ada', () => world.clock.now()));
  challengeId = await acme.challenge('ada');
  await acme.service('PUT', '/users/bob', {});
  session = await acme.plainSession('bob', await acme.account('bob'));
});
afterAll(() => world.close());

const D = '/v1/domains/acme';
const U = `${D}/users/ada`;
const UUID = '0f000000-0000-4000-8000-000000000000';

interface Route {
  readonly method: string;
  readonly path: () => string;
  readonly token: () => string | undefined;
  readonly good: Readonly<Record<string, unknown>>;
  /** For each field, values it does not take. */
  readonly bad: Readonly<Record<string, readonly unknown[]>>;
}

const NOT_TEXT = [1, true, {}, [], null];
/** As a browser gives it, of nobody. */
const CREDENTIAL = authenticator({ origin: '' }).get({ challenge: 'AAAA', rpId: 'x' }, { userHandle: null });
const NOT_CREDENTIAL = [...NOT_TEXT, undefined, 'text', { ...CREDENTIAL, id: '+' }];
const NOT_NAME = [...NOT_TEXT, '', ' ', 'x'.repeat(129), 'a\u0000b', 'a\u202Eb', 'a\nb', '\u200B'];
const KEY = { kid: 'k', kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) };
const operator = () => world.operatorToken;
const service = () => acme.token;

const ROUTES: Record<string, Route> = {
  putDomain: {
    method: 'PUT',
    path: () => D,
    token: operator,
    good: { displayName: 'Acme' },
    bad: { displayName: [...NOT_NAME, undefined] },
  },
  putPolicy: {
    method: 'PUT',
    path: () => `${D}/policy`,
    token: operator,
    good: {},
    bad: {
      factors: [1, 'x'],
      waits: [[], null],
      enrollment: [{ mode: 'maybe' }, { requiredFrom: 'soon' }, { requiredFrom: '2026-99-99T99:99:99Z' }],
    },
  },
  putService: {
    method: 'PUT',
    path: () => `${D}/services/payroll`,
    token: operator,
    good: { displayName: 'Payroll', onBehalf: true },
    bad: {
      displayName: [...NOT_NAME, undefined],
      onBehalf: [null, 'true', 1, {}],
      eventKeys: [
        null,
        {},
        ['k'],
        [null],
        [{ kid: 'k' }],
        [{ ...KEY, kty: 'RSA' }],
        [{ ...KEY, d: KEY.x }],
        [KEY, KEY],
      ],
      returnUrls: [
        'https://a.example',
        [1],
        ['javascript:alert(1)'],
        ['https://u:p@a.example'],
        ['//a.example'],
        ['https://a.example', 'https://a.example'],
        ['http://a.example'],
        ['https://a.example/#x'],
        ['https://a.example/a b'],
        ['HTTPS://a.example'],
        ['https://a.example/../x'],
      ],
    },
  },
  putUser: {
    method: 'PUT',
    path: () => U,
    token: service,
    good: { emails: ['ada@acme.example'], displayName: 'Ada' },
    bad: {
      emails: [
        null,
        'ada@acme.example',
        [null],
        [1],
        ['ada'],
        ['a@a.example', 'a@a.example'],
        Array.from({ length: 11 }, (_, n) => `a${n}@a.example`),
      ],
      phone: [null, 14155550123, '4155550123', '+1', 'phone'],
      displayName: NOT_NAME,
      locale: [null, 1, 'not a locale', 'x'.repeat(40)],
      roles: [null, 'administrator', ['operator'], [1], ['auditor', 'auditor']],
    },
  },
  changeUser: {
    method: 'PATCH',
    path: () => U,
    token: service,
    good: { displayName: 'Ada', locale: 'nl-BE' },
    bad: { displayName: NOT_NAME, locale: [null, 1, 'not a locale', 'x'.repeat(40)] },
  },
  addFactor: {
    method: 'POST',
    path: () => `${U}/factors`,
    token: service,
    good: { type: 'totp' },
    bad: { type: [...NOT_TEXT, undefined, 'sms', 'TOTP', '__proto__', 'constructor'], name: NOT_NAME },
  },
  confirmFactor: {
    method: 'POST',
    path: () => `${U}/factors/${factorId}/confirm`,
    token: service,
    good: { code: '123456' },
    bad: { code: [...NOT_TEXT, undefined, '', '   ', '12345', 'x'.repeat(257)] },
  },
  changeFactor: {
    method: 'PATCH',
    path: () => `${U}/factors/${factorId}`,
    token: service,
    good: { name: 'Phone' },
    bad: { name: NOT_NAME, default: [null, 'true', 1, {}, false] },
  },
  putIdentityProvider: {
    method: 'PUT',
    path: () => `${D}/identity-providers/corp`,
    token: operator,
    good: {
      issuer: 'https://id.acme.example',
      jwksUri: 'https://id.acme.example/jwks',
      audience: 'sparekey',
      claims: { user: 'sub' },
    },
    bad: {
      issuer: [
        ...NOT_TEXT,
        undefined,
        'id.acme.example',
        'http://id.acme.example',
        'http://localhost:4000/x',
      ],
      jwksUri: [...NOT_TEXT, undefined, 'ftp://id.acme.example', 'https://u:p@id.acme.example/'],
      audience: [...NOT_TEXT, undefined, ''],
      clientId: [null, 1, ''],
      claims: [null, undefined, 'sub', {}, { user: 1 }, { user: {} }, { user: { claim: 'sub', hash: 'no' } }],
    },
  },
  skipTwoStep: {
    method: 'POST',
    path: () => `${U}/two-step/skip`,
    token: service,
    good: { signInId: 's-1' },
    bad: { signInId: [null, undefined, 1, '', 'a b', 'x'.repeat(129)] },
  },
  putAccount: {
    method: 'PUT',
    path: () => `${U}/account`,
    token: service,
    good: { login: 'ada@acme.example', password: PASSWORD },
    bad: {
      login: [...NOT_TEXT, undefined, '', 'a b', 'x'.repeat(129), 'a\u202Eb', 'a\u0000b', '\u200B'],
      password: [null, 1, '', {}],
    },
  },
  issueAccessToken: {
    method: 'POST',
    path: () => `${D}/users/bob/access-tokens`,
    token: () => session,
    good: { name: 'x', scopes: ['security:read'], expiresAt: '2026-03-02T00:00:00Z' },
    bad: {
      name: [...NOT_NAME, undefined],
      scopes: [null, undefined, [], 'security:read', ['everything'], ['security:read', 'security:read']],
      expiresAt: [null, undefined, 1, 'tomorrow', '2020-01-01T00:00:00Z'],
    },
  },
  signIn: {
    method: 'POST',
    path: () => '/v1/identity/sign-in',
    token: () => undefined,
    good: { domain: 'acme', login: 'nobody', password: PASSWORD },
    bad: {
      domain: [...NOT_TEXT, undefined, 'Acme', ''],
      login: [...NOT_TEXT, undefined, '', 'x'.repeat(257)],
      password: [...NOT_TEXT, undefined, '', 'x'.repeat(2_049)],
    },
  },
  exchange: {
    method: 'POST',
    path: () => '/v1/identity/sessions',
    token: () => undefined,
    good: { result: 'x' },
    bad: { result: [null, 1, '', {}, 'x'.repeat(4_097)] },
  },
  beginOperatorSession: {
    method: 'POST',
    path: () => '/v1/operator/sessions',
    token: () => undefined,
    good: { token: 'x' },
    bad: { token: [...NOT_TEXT, undefined, '', 'x'.repeat(513)] },
  },
  confirmPassword: {
    method: 'POST',
    path: () => '/v1/identity/confirm-password',
    token: () => session,
    good: { password: PASSWORD },
    bad: { password: [...NOT_TEXT, undefined, '', 'x'.repeat(2_049)] },
  },
  changePassword: {
    method: 'POST',
    path: () => '/v1/identity/password',
    token: () => session,
    good: { password: 'short' },
    bad: { password: [...NOT_TEXT, undefined, '', 'x'.repeat(2_049)] },
  },
  confirmRecoveryCodesSaved: {
    method: 'POST',
    path: () => `${U}/recovery-codes/saved`,
    token: service,
    good: { batchId: UUID },
    bad: { batchId: [...NOT_TEXT, undefined, '', 'x', UUID.toUpperCase(), `${UUID}\n`] },
  },
  issueApiToken: {
    method: 'POST',
    path: () => `${D}/api-tokens`,
    token: operator,
    good: { name: 'x', role: 'service', service: 'payroll' },
    bad: {
      name: [...NOT_NAME, undefined],
      role: [...NOT_TEXT, undefined, 'operator', 'user'],
      service: [1, 'Payroll', 'a.b', 'unknown'],
      expiresAt: [
        null,
        1,
        'tomorrow',
        '20300101T000000Z',
        '2030-W10',
        '2030-02-31T25:00:00Z',
        '2030-01-01T00:00:00',
        '2020-01-01T00:00:00Z',
      ],
    },
  },
  openChallenge: {
    method: 'POST',
    path: () => `${D}/challenges`,
    token: service,
    good: { userId: 'ada', purpose: 'sign-in' },
    bad: {
      userId: [...NOT_TEXT, undefined, '', 'a.b', '\u0430da', 'a'.repeat(65)],
      purpose: [...NOT_TEXT, undefined, 'sign-out'],
      signInId: [null, 1, '', 'a b', 'x'.repeat(129)],
      firstFactor: [
        null,
        'pwd',
        {},
        { amr: 'pwd', authTime: 1 },
        { amr: ['PWD!'], authTime: 1 },
        { amr: ['pwd'], authTime: -1 },
        { amr: ['pwd'], authTime: 1, extra: 1 },
        [],
      ],
      returnUrl: [null, 1, 'https://a.example', 'x'.repeat(2_049)],
      codeChallenge: [null, 1, 'x', 'x'.repeat(43)],
      context: [null, 'x', [], { ip: 'localhost' }, { ip: 1 }, { userAgent: 'x'.repeat(513) }, { extra: 1 }],
    },
  },
  takeResult: {
    method: 'POST',
    path: () => `${D}/results`,
    token: service,
    good: { code: 'skr_1.x', codeVerifier: 'x'.repeat(43) },
    bad: {
      code: [...NOT_TEXT, undefined, '', 'x'.repeat(513)],
      codeVerifier: [...NOT_TEXT, undefined, '', 'x'.repeat(42), 'x'.repeat(129), '+'.repeat(43)],
    },
  },
  answerChallenge: {
    method: 'POST',
    path: () => `/v1/challenges/${challengeId}/answers`,
    token: () => undefined,
    good: { method: 'totp', code: '123456' },
    bad: {
      method: [...NOT_TEXT, undefined, 'sms', '__proto__'],
      factorId: [null, 1, 'x', {}],
      code: [...NOT_TEXT, undefined, '', 'x'.repeat(65)],
    },
  },
  answerPasskeyChallenge: {
    method: 'POST',
    path: () => '/v1/passkey-challenges/skw_1.x/answers',
    token: () => undefined,
    good: { method: 'webauthn', credential: CREDENTIAL },
    bad: { method: [...NOT_TEXT, undefined, 'passkey'], credential: NOT_CREDENTIAL },
  },
  signInByPasskey: {
    method: 'POST',
    path: () => '/v1/identity/domains/acme/passkey-sign-in',
    token: () => undefined,
    good: { method: 'webauthn', challengeId: 'skw_1.x', credential: CREDENTIAL },
    bad: {
      method: [...NOT_TEXT, undefined, 'totp'],
      challengeId: [...NOT_TEXT, undefined, '', 'x'.repeat(4_097)],
      credential: NOT_CREDENTIAL,
    },
  },
  deliverCode: {
    method: 'POST',
    path: () => `/v1/challenges/${challengeId}/deliveries`,
    token: () => undefined,
    good: { factorId: '00000000-0000-4000-8000-000000000000' },
    bad: { factorId: [...NOT_TEXT, undefined, '', 'x'] },
  },
};

/** Rejected passwords are told to the log after the answer, by whoever was last. */
const length = async () =>
  (await world.store.readAll(undefined, 100_000)).filter(
    ({ type, stream }) => type !== 'PasswordRejected' && !stream.startsWith('notice-'),
  ).length;
const send = (
  { method, path, token }: Route,
  body: unknown,
  headers?: Record<string, string>,
): Promise<ApiAnswer> => {
  const bearer = token();
  return api(method, path(), { ...(bearer && { token: bearer }), body, ...(headers && { headers }) });
};

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

test('every call with a body is in the table', () => {
  const { paths } = describeApi(app.app, 'http://localhost:4000');
  const operations = Object.values(paths).flatMap((path) =>
    Object.values(path as Record<string, { operationId: string; requestBody?: unknown }>),
  );
  const withBody = operations.filter(({ requestBody }) => requestBody).map(({ operationId }) => operationId);
  expect(withBody.sort()).toEqual(Object.keys(ROUTES).sort());
});

describe.each(Object.entries(ROUTES))('%s', (_, route) => {
  test('refuses every field that is not what it should be, and changes nothing', async () => {
    const before = await length();
    for (const [field, values] of Object.entries(route.bad)) {
      for (const value of values) {
        const { body } = await refused(send(route, { ...route.good, [field]: value }), 400);
        expect(body.code).toBe('validation-failed');
        expect(JSON.stringify(body.errors)).toContain(`"field":"${field}`);
      }
    }
    expect(await length()).toBe(before);
  });

  test('refuses an unknown field, by its name', async () => {
    const before = await length();
    const { body } = await refused(send(route, { ...route.good, surprise: 1 }), 400);
    expect(JSON.stringify(body)).toContain('surprise');
    expect(await length()).toBe(before);
  });

  test('refuses what is no JSON object', async () => {
    const before = await length();
    for (const body of ['[]', '"text"', '1', 'null', '{', '{"a":1,}', '\u0000', '{"__proto__":{"x":1}}'])
      await refused(send(route, body), 400);
    await refused(send(route, JSON.stringify(route.good), { 'content-type': 'text/plain' }), 400);
    await refused(send(route, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 400);
    expect(await length()).toBe(before);
  });

  test('refuses a body of more than 64 KiB', async () => {
    const { body } = await refused(send(route, { ...route.good, surprise: 'x'.repeat(66_000) }), 413);
    expect(body.code).toBe('too-large');
  });
});

describe('ids', () => {
  test.each(['Acme', 'a.b', '\u0430cme', 'acme%00', 'acme%2f..', '-acme', 'a'.repeat(41), 'acme%0a'])(
    'of domains are not %j',
    async (id) => {
      await refused(
        api('PUT', `/v1/domains/${encodeURI(id)}`, {
          token: world.operatorToken,
          body: { displayName: 'x' },
        }),
        400,
      );
      const { status } = await api('POST', `/v1/domains/${encodeURI(id)}/challenges`, {
        token: acme.token,
        body: { userId: 'ada', purpose: 'sign-in' },
      });
      expect([400, 403]).toContain(status);
    },
  );

  test.each(['a.b', 'ada%20', '\u0430da', 'a'.repeat(65), 'ada%00', '%2e%2e', 'ada%0a', 'ada@acme.example'])(
    'of users are not %j',
    async (id) => {
      await refused(api('PUT', `${D}/users/${encodeURI(id)}`, { token: acme.token, body: {} }), 400, 404);
      await refused(api('GET', `${D}/users/${encodeURI(id)}/security`, { token: acme.token }), 400, 404);
    },
  );

  test.each(['x', UUID.toUpperCase(), '..%2f', '%00'])('of factors are not %j', async (id) => {
    await refused(api('DELETE', `${U}/factors/${id}`, { token: acme.token }), 400);
  });

  test.each(['x', 'skc_1.AAAA', 'a'.repeat(1_000), 'skt_1.AAAA', '%00'])(
    'of challenges are not %j',
    async (id) => {
      await refused(api('GET', `/v1/challenges/${id}`), 404);
      await refused(
        api('POST', `/v1/challenges/${id}/answers`, { body: { method: 'totp', code: '123456' } }),
        404,
      );
    },
  );

  test('that cannot be read as a path are refused', async () => {
    await refused(api('GET', '/v1/challenges/%zz'), 400);
    await refused(api('GET', `/v1/challenges/${'a'.repeat(3_000)}`), 400, 404, 414);
  });
});

test('a service is not there because JavaScript knows its name', async () => {
  await refused(api('GET', `${D}/services/constructor`, { token: world.operatorToken }), 404);
  await refused(api('DELETE', `${D}/services/constructor`, { token: world.operatorToken }), 404);
});

test('a policy with many unknown fields is refused', async () => {
  const { body: policy, headers } = await acme.operator('GET', '/policy');
  const extra = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`extra${n}`, n]));
  await refused(
    acme.operator('PUT', '/policy', { ...policy, ...extra }, { 'if-match': String(headers.etag) }),
    400,
  );
});

test('whatever is sent, no call fails and no refusal changes anything', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('ada', 'acme', UUID, 'totp', '__proto__', '../..'),
  );
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.constant(null));
  const routes = Object.values(ROUTES);
  const cases = fc.tuple(
    fc.constantFrom(...routes),
    fc.dictionary(text, value, { maxKeys: 3 }),
    fc.boolean(),
    value,
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([route, extra, keep, replaced]) => {
      const fields = Object.keys(route.good);
      const body = keep ? { ...route.good, ...extra } : { ...route.good, [fields[0] ?? 'x']: replaced };
      const before = await length();
      const { status, body: answered } = await send(route, body);
      expect(status).toBeLessThan(500);
      // a wrong code and a wrong password are the refusals that are facts
      const isFact = ['code-rejected', 'sign-in-refused'].includes(answered?.code as string);
      if (status >= 400 && !isFact) expect(await length()).toBe(before);
    }),
    { numRuns: 400 },
  );
});
