import { PASSWORD, Tenant, totpCode, World, type Account, type Api, type Person } from '@sparekey/testing';

/* One party takes nothing from another: not their turn, not their room, not what they put off. */

let world: World;
let api: Api;
let acme: Tenant;
let ada: Person;
let account: Account;
let portal: string;

const D = '/v1/domains/acme';
const code = () => ({ method: 'totp', code: totpCode(ada.secret, world.clock.now()) });
const cookieOf = (answer: { headers: Record<string, unknown> }) =>
  [answer.headers['set-cookie']].flat().join().split(';')[0]!;

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  ada = await acme.enrol('ada', () => world.clock.now());
  account = await acme.account('ada');
  await acme.operator('PUT', '/services/portal', { displayName: 'Portal', onBehalf: true });
  const issued = await acme.operator('POST', '/api-tokens', {
    name: 'p',
    role: 'service',
    service: 'portal',
  });
  portal = issued.body.token as string;
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(30));

describe('slow work', () => {
  test('of one session that makes sets of codes turns no sign-in away', async () => {
    await acme.service('PUT', '/users/mallory', {});
    const token = (await acme.signIn(await acme.account('mallory'))).body.session.token as string;
    const making = Array.from({ length: 12 }, () =>
      api('POST', `${D}/users/mallory/recovery-codes`, { token }),
    );
    const began = performance.now();
    const signIns = await Promise.all(Array.from({ length: 10 }, () => acme.signIn(account)));
    const took = performance.now() - began;
    expect(signIns.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(took).toBeLessThan(5_000);
    const made = (await Promise.all(making)).map(({ status }) => status);
    expect(made.every((status) => status === 201 || status === 503)).toBe(true);
  });

  test('of one service that sets passwords leaves the others their turn', async () => {
    const users = Array.from({ length: 30 }, (_, n) => `new-${n}`);
    for (const user of [...users, 'theirs']) await acme.operator('PUT', `/users/${user}`, {});
    const put = (token: string, user: string) =>
      api('PUT', `${D}/users/${user}/account`, {
        token,
        body: { login: `${user}@acme.example`, password: PASSWORD },
      });
    const flood = users.map((user) => put(acme.token, user));
    const other = await put(portal, 'theirs');
    expect(other.status).toBe(201);
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses.every((status) => status === 201 || status === 503)).toBe(true);
  }, 30_000);
});

test('challenges of whoever has the password displace none of the owner’s, anywhere', async () => {
  const browser = cookieOf(await signedIn());
  const session = await acme.fullSession(account, code);
  world.clock.advance(30);
  const mine = await acme.signIn(account, { cookie: browser });
  const atPortal = await api('POST', `${D}/challenges`, { token: portal, body: opening('sign-in') });
  const again = await api('POST', `${D}/challenges`, { token: session, body: opening('re-authentication') });
  for (let n = 0; n < 120; n++) {
    const { status } = await acme.signIn(account);
    expect([n, status]).toEqual([n, 200]);
  }
  expect((await acme.signIn(account, { cookie: browser })).status).toBe(200);
  expect((await acme.open('ada')).status).toBe(201);
  for (const challengeId of [
    mine.body.challenge.challengeId as string,
    atPortal.body.challengeId as string,
    again.body.challengeId as string,
  ])
    expect((await api('GET', `/v1/challenges/${challengeId}`)).body.state).toBe('open');
  const answered = await acme.answer(mine.body.challenge.challengeId as string, code());
  expect(answered.status).toBe(200);
}, 60_000);

const opening = (purpose: string) => ({
  userId: 'ada',
  purpose,
  ...(purpose === 'sign-in' && { signInId: 's-1', firstFactor: { amr: ['pwd'], authTime: 1_772_366_300 } }),
});

/** A whole sign-in, after which the browser is known. */
async function signedIn() {
  const { body } = await acme.signIn(account);
  const answered = await acme.answer(body.challenge.challengeId as string, code());
  world.clock.advance(30);
  return api('POST', '/v1/identity/sessions', { body: { result: answered.body.result as string } });
}

test('one person makes no more changes than hands do, and is told truly when the next one may come', async () => {
  const token = await acme.fullSession(account, code);
  const rename = (name: string) =>
    api('PATCH', `${D}/users/ada/factors/${ada.factorId}`, { token, body: { name } });
  const answers = [];
  for (let n = 0; n < 130; n++) answers.push(await rename(`Phone ${n}`));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(20);
  expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThan(90);
  const wait = Number(refused.at(-1)!.headers['retry-after']);
  expect((await rename('too early')).status).toBe(429);
  world.clock.advance(wait);
  expect((await rename('in time')).status).toBe(204);
});

describe('what one service put off', () => {
  const challenge = (token: string, more: object) =>
    api('POST', `${D}/challenges`, { token, body: { userId: 'bob', signInId: 's-7', ...more } });

  beforeAll(async () => {
    await acme.service('PUT', '/users/bob', {});
    await acme.service('POST', '/users/bob/two-step/skip', { signInId: 's-7' });
  });

  test('serves its own sign-in', async () => {
    const { body } = await challenge(acme.token, { purpose: 'sign-in' });
    expect(body.decision).toBe('allow');
  });

  test('serves no other service, though its sign-in has the same id', async () => {
    const { body } = await challenge(portal, { purpose: 'sign-in' });
    expect(body.decision).toBe('enroll');
  });

  test('and no re-authentication', async () => {
    const { body } = await challenge(acme.token, { purpose: 're-authentication' });
    expect(body.decision).toBe('enroll');
  });
});

test('the last usable factor stays where the other is suspended', async () => {
  const carol = await acme.enrol('carol', () => world.clock.now());
  const second = await acme.addTotp('carol', () => world.clock.now());
  const store = world.store;
  await store.append('verification-acme.carol', 'no-stream', [
    {
      id: '0e000000-0000-4000-8000-000000000001',
      type: 'FactorSuspended',
      version: 1,
      time: world.clock.now(),
      causationId: '0e000000-0000-4000-8000-000000000001',
      correlationId: '0e000000-0000-4000-8000-000000000002',
      domain: 'acme',
      subject: 'carol',
      actor: { kind: 'system', id: 'test' },
      data: { factorId: second.factorId, failures: 100 },
    },
  ]);
  const remove = (factorId: string) => acme.service('DELETE', `/users/carol/factors/${factorId}`);
  expect((await remove(carol.factorId)).body.code).toBe('policy-refused');
  expect((await remove(second.factorId)).status).toBe(204);
});
