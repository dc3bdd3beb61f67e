import {
  PASSWORD,
  Tenant,
  totpCode,
  World,
  type Account,
  type Api,
  type InProcess,
  type Person,
} from '@sparekey/testing';
import { makeBearerToken } from '@sparekey/vault';
import { decodeJwt } from 'jose';

/* What somebody tries who has read the source: each test is named after the kind of fault. */

let world: World;
let app: InProcess;
let api: Api;
let acme: Tenant;
let ada: Person;
let account: Account;

const D = '/v1/domains/acme';
const code = () => ({ method: 'totp', code: totpCode(ada.secret, world.clock.now()) });

beforeAll(async () => {
  world = new World();
  app = await world.start();
  ({ api } = app);
  acme = await Tenant.create(api, world.operatorToken);
  ada = await acme.enrol('ada', () => world.clock.now());
  account = await acme.account('ada');
  await acme.service('PUT', '/users/root', {});
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(30));

let session: string | undefined;

/** The session of an administrator, with a second step a moment ago. */
async function administrator(): Promise<string> {
  if (session !== undefined) return session;
  const rooted = await acme.account('root', 'root@acme.example');
  await acme.operator('PUT', '/users/root', { roles: [] });
  const { secret } = await acme.enrol('root', () => world.clock.now());
  await acme.operator('PUT', '/users/root', { roles: ['administrator'] });
  world.clock.advance(30);
  session = await acme.fullSession(rooted, () => ({
    method: 'totp',
    code: totpCode(secret, world.clock.now()),
  }));
  return session;
}

describe('the reference sign-in service is nobody else', () => {
  test('no token is issued in its name, and nobody registers it otherwise than it was made', async () => {
    const token = await administrator();
    const issue = (by: string, service: string) =>
      api('POST', `${D}/api-tokens`, { token: by, body: { name: 'x', role: 'service', service } });
    expect((await issue(token, 'payroll')).status).toBe(201);
    for (const by of [token, world.operatorToken]) {
      const { status, body } = await issue(by, 'identity');
      expect([status, body.errors?.[0].field]).toEqual([400, 'service']);
    }
    const put = (by: string, body: object) => api('PUT', `${D}/services/identity`, { token: by, body });
    expect((await put(token, { displayName: 'Sign-in' })).body.code).toBe('policy-refused');
    const evil = { displayName: 'Sign-in', returnUrls: ['https://evil.example'] };
    expect((await put(world.operatorToken, evil)).body.code).toBe('policy-refused');
    expect((await put(world.operatorToken, { displayName: 'Sign-in' })).status).toBe(200);
  });

  test('and even with its own token a chosen sign-in id makes no session', async () => {
    await acme.signIn(account); // so that it has one
    const stored = await app.ports.store.read('tokens-acme');
    const own = stored.find(({ data }) => 'secret' in data)!;
    const { tokenId, secret } = own.data as { tokenId: string; secret: string };
    const place = { eventId: own.id, field: 'secret' };
    const opened = await app.ports.vault.open({ domain: 'acme' }, 'password', secret, place);
    const { token } = makeBearerToken('api-token', ['acme', tokenId], opened);
    const exchangeOf = async (signInId: string) => {
      world.clock.advance(30);
      const opened = await api('POST', `${D}/challenges`, {
        token,
        body: {
          userId: 'ada',
          purpose: 'sign-in',
          signInId,
          firstFactor: { amr: ['pwd'], authTime: Math.floor(world.clock.now() / 1_000) },
        },
      });
      const { result } = (await acme.answer(opened.body.challengeId as string, code())).body as {
        result: string;
      };
      return api('POST', '/v1/identity/sessions', { body: { result } });
    };
    const shownAt = world.clock.now().toString(36);
    for (const signInId of [
      `00000000-0000-4000-8000-000000000000.1.0.${shownAt}`,
      `00000000-0000-4000-8000-000000000000.1.1.${shownAt}`,
      `00000000-0000-4000-8000-000000000000.1.0.${shownAt}.${'0'.repeat(32)}`,
      '.',
      'x',
    ])
      expect([signInId, (await exchangeOf(signInId)).status]).toEqual([signInId, 401]);
  });

  test('and an id of one person is none of another', async () => {
    const enrolment = async (user: string) => {
      await acme.service('PUT', `/users/${user}`, {});
      const { body } = await acme.signIn(await acme.account(user));
      return decodeJwt<{ signInId: string }>(body.session.token as string);
    };
    const [bob, eve] = [await enrolment('bob'), await enrolment('eve')];
    const issue = async (signInId: string) => {
      const token = await app.ports.signer.sign('sparekey-session+jwt', { ...eve, scope: 'full', signInId });
      const expiresAt = new Date(world.clock.now() + 60_000).toISOString();
      const body = { name: 'cron', scopes: ['security:read'], expiresAt };
      return (await api('POST', `${D}/users/eve/access-tokens`, { token, body })).status;
    };
    expect(await issue(bob.signInId)).toBe(401);
    expect(await issue(eve.signInId)).toBe(201);
  });
});

describe('what widens rights is for persons', () => {
  let machine: string;
  const settings = { displayName: 'Payroll', returnUrls: ['https://payroll.example'], onBehalf: true };
  const put = (token: string, change: object, service = 'payroll') =>
    api('PUT', `${D}/services/${service}`, { token, body: { ...settings, ...change } });

  beforeAll(async () => {
    await acme.operator('PUT', '/services/payroll', settings);
    await acme.operator('PUT', '/services/plain', { displayName: 'Plain' });
    machine = (await acme.operator('POST', '/api-tokens', { name: 'm', role: 'administrator' })).body
      .token as string;
  });

  test.each([
    ['speaking for people', 'plain', { onBehalf: true, returnUrls: [] }],
    ['a new service that speaks for people', 'fresh', { onBehalf: true, returnUrls: [] }],
    [
      'another address to return to',
      'payroll',
      { returnUrls: ['https://payroll.example', 'https://evil.example'] },
    ],
    [
      'a key to sign with',
      'payroll',
      { eventKeys: [{ kid: 'k', kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }] },
    ],
  ])('%s', async (_, service, change) => {
    const { status, body } = await put(machine, change, service);
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  test('what does not widen them, a machine may still do', async () => {
    expect((await put(machine, { displayName: 'Pay roll' })).status).toBe(200);
    expect((await put(machine, { onBehalf: false, returnUrls: [] }, 'plain')).status).toBe(200);
    expect((await put(await administrator(), { returnUrls: ['https://other.example'] })).status).toBe(200);
  });
});

test('a browser is known no longer than the password is: what was collected gives no further guesses', async () => {
  await acme.service('PUT', '/users/carol', {});
  const carol = await acme.account('carol');
  const cookieOf = async (of: Account) =>
    [(await acme.signIn(of)).headers['set-cookie']].flat().join().split(';')[0]!;
  const before = await cookieOf(carol);
  const wrong = { ...carol, password: 'not this one, surely not' };
  for (let tries = 0; tries < 10; tries++) expect((await acme.signIn(wrong)).status).toBe(401);
  expect((await acme.signIn(carol)).status).toBe(429);
  expect((await acme.signIn(carol, { cookie: before })).status).toBe(200);
  const renewed = { ...carol, password: `${PASSWORD} and back` };
  await acme.operator('PUT', '/users/carol/account', { login: carol.login, password: renewed.password });
  expect((await acme.signIn(renewed, { cookie: before })).status).toBe(429);
  world.clock.advance(3_600);
  const after = await cookieOf(renewed);
  for (let tries = 0; tries < 10; tries++) await acme.signIn(wrong);
  expect((await acme.signIn(renewed, { cookie: after })).status).toBe(200);
});

describe('bodies are bounded before anything walks them', () => {
  const put = (body: string | undefined, path = `${D}/users/dora`) =>
    api('PUT', path, {
      token: acme.token,
      ...(body !== undefined && { body: Buffer.from(body) }),
      headers: { 'content-type': 'application/json' },
    });
  const deep = (open: string, close: string, times: number) => `${open.repeat(times)}1${close.repeat(times)}`;

  test.each([
    ['lists', deep('[', ']', 30_000)],
    ['objects', deep('{"a":', '}', 10_000)],
    ['lists in a field that takes a list', `{"emails":${deep('[', ']', 30_000)}}`],
    ['objects in a field that takes an object', `{"displayName":${deep('{"a":', '}', 10_000)}}`],
    ['lists that never end', '['.repeat(60_000)],
    [
      'lists behind a text with brackets and quotes',
      `{"displayName":"]]\\"]]","emails":${deep('[', ']', 20_000)}}`,
    ],
  ])('deep %s', async (_, body) => {
    const answer = await put(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'validation-failed']);
  });

  test('many fields, or one with a long name: what is told of them is short', async () => {
    const many = `{${Array.from({ length: 6_000 }, (_, n) => `"f${n}":1`).join(',')}}`;
    const some = `{${Array.from({ length: 900 }, (_, n) => `"f${n}":1`).join(',')}}`;
    for (const body of [many, some, `{"${'x'.repeat(60_000)}":1}`]) {
      const answer = await put(body);
      expect([answer.status, answer.body.code]).toEqual([400, 'validation-failed']);
      expect(JSON.stringify(answer.body).length).toBeLessThan(4_096);
    }
  });

  test('brackets in a text are text, and sixteen deep is judged by name', async () => {
    expect(
      (await put(`{"emails":["dora@acme.example"],"displayName":"${'['.repeat(100)}\\"{{{"}`)).status,
    ).toBe(201);
    expect((await put(deep('{"a":', '}', 16))).body.errors).toMatchObject([{ field: 'a' }]);
  });

  test('none is not an empty one: nothing is wiped', async () => {
    expect((await put(undefined)).status).toBe(400);
    const policy = await api('PUT', `${D}/policy`, {
      token: world.operatorToken,
      headers: { 'if-match': '"0"' },
    });
    expect([policy.status, policy.body.code]).toEqual([400, 'validation-failed']);
    await world.projector.catchUp();
    const { body } = await acme.operator('GET', '/users?query=dora');
    expect(body.items).toMatchObject([{ emails: ['dora@acme.example'] }]);
  });

  test('a field of a policy that is null is no default', async () => {
    const { body, headers } = await acme.operator('GET', '/policy');
    const match = { 'if-match': String(headers.etag) };
    for (const change of [{ waits: { after: null } }, { accessTokens: { maxDays: null } }, { waits: null }]) {
      const { status } = await acme.operator('PUT', '/policy', { ...body, ...change }, match);
      expect([change, status]).toEqual([change, 400]);
    }
  });
});

test('a clock that is set back gives no life to what had ended, in no process', async () => {
  await acme.service('PUT', '/users/late', {});
  const lateAccount = await acme.account('late');
  const late = (await acme.signIn(lateAccount)).body.session.token as string;
  const terms = {
    name: 'short',
    role: 'administrator',
    expiresAt: new Date(world.clock.now() + 60_000).toISOString(),
  };
  const short = (await acme.operator('POST', '/api-tokens', terms)).body.token as string;
  const ask = async (by: Api) => [
    (await by('GET', `${D}/policy`, { token: short })).status,
    (await by('GET', `${D}/users/late/security`, { token: late })).status,
  ];
  expect(await ask(api)).toEqual([200, 200]);
  world.clock.advance(90_000);
  expect(await ask(api)).toEqual([401, 401]);
  await acme.service('PUT', '/users/later', {}); // the newest event
  world.clock.advance(-90_000);
  expect(await ask(api)).toEqual([401, 401]);
  expect(await ask((await world.start()).api)).toEqual([401, 401]);
  world.clock.advance(90_000);
});

describe('an id that stands in the log makes no token', () => {
  const forged = (kind: 'api-token' | 'access-token', ...fields: string[]) =>
    makeBearerToken(kind, fields).token;

  test('of a machine, whatever is known beside it', async () => {
    const terms = { name: 'root', role: 'administrator' };
    const { token, tokenId } = (await acme.operator('POST', '/api-tokens', terms)).body as Record<
      string,
      string
    >;
    const read = async (bearer: string) => (await api('GET', `${D}/policy`, { token: bearer })).status;
    expect(await read(token!)).toBe(200);
    expect(await read(forged('api-token', 'acme', tokenId!))).toBe(401);
    const [where, secret] = token!.split('.');
    expect(await read(`${where}.${secret!.slice(1)}${secret![0]}`)).toBe(401);
  });

  test('of a person', async () => {
    await acme.service('PUT', '/users/walt', {});
    const session = await acme.plainSession('walt', await acme.account('walt'));
    const expiresAt = new Date(world.clock.now() + 60_000).toISOString();
    const body = { name: 'cron', scopes: ['security:read'], expiresAt };
    const issued = await api('POST', `${D}/users/walt/access-tokens`, { token: session, body });
    const read = async (bearer: string) =>
      (await api('GET', `${D}/users/walt/security`, { token: bearer })).status;
    expect(await read(issued.body.token as string)).toBe(200);
    expect(await read(forged('access-token', 'acme', 'walt', issued.body.tokenId as string))).toBe(401);
  });
});
