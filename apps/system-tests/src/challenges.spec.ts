import { createResultVerifier, InvalidResult, SparekeyProblem } from '@sparekey/client';
import { type Api, newPlace, type Person, type Place, Tenant, totpCode, wrongCode } from '@sparekey/testing';

let world: Place;
let api: Api;
let acme: Tenant;
let people = 0;

beforeAll(async () => {
  world = newPlace();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(90));

const now = () => world.clock.now();
/** A new person, ninety seconds after they enrolled: no step of the past is in the window. */
async function person(): Promise<Person> {
  const enrolled = await acme.enrol(`person-${people++}`, now);
  world.clock.advance(90);
  return enrolled;
}
const code = ({ secret }: Person, shift = 0) => ({
  method: 'totp',
  code: totpCode(secret, now() + shift * 30_000),
});
const wrong = ({ secret }: Person) => ({ method: 'totp', code: wrongCode(secret, now()) });
const recovery = ({ codes }: Person, number: number) => ({
  method: 'recovery-code',
  code: codes[number - 1]!,
});
const answer = async ({ userId }: Person, body: object) => acme.answer(await acme.challenge(userId), body);

describe('a challenge', () => {
  test('offers what the person has, the preferred method first', async () => {
    const ada = await person();
    const { status, body } = await acme.open(ada.userId, { signInId: 's-1' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      decision: 'challenge',
      methods: [{ method: 'totp', factorId: ada.factorId, name: 'Phone' }, { method: 'recovery-code' }],
      preferred: { method: 'totp', factorId: ada.factorId },
      expiresAt: new Date(now() + 300_000).toISOString(),
    });
    expect(await api('GET', `/v1/challenges/${body.challengeId}`)).toMatchObject({
      status: 200,
      body: { state: 'open', purpose: 'sign-in', attemptsLeft: 5, methods: body.methods },
    });
  });

  test('is not opened for who has not switched two-step verification on, nor for the unknown', async () => {
    await acme.service('PUT', '/users/plain', {});
    expect(await acme.open('plain')).toMatchObject({
      status: 200,
      body: { decision: 'enroll', skippable: true },
    });
    expect(await acme.open('nobody')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await acme.open('plain', { purpose: 'account-recovery' })).toMatchObject({ status: 422 });
  });

  test('where enrolment is required says that it cannot be skipped', async () => {
    const strict = await Tenant.create(api, world.operatorToken, 'strict');
    const { body: policy } = await strict.operator('GET', '/policy');
    await strict.operator(
      'PUT',
      '/policy',
      { ...policy, enrollment: { mode: 'required' } },
      { 'if-match': '"0"' },
    );
    await strict.service('PUT', '/users/plain', {});
    expect((await strict.open('plain')).body).toEqual({ decision: 'enroll', skippable: false });
  });

  test('expires', async () => {
    const ada = await person();
    const id = await acme.challenge(ada.userId);
    world.clock.advance(300);
    expect(await acme.answer(id, code(ada))).toMatchObject({
      status: 410,
      body: { code: 'challenge-expired' },
    });
    expect((await api('GET', `/v1/challenges/${id}`)).status).toBe(410);
  });

  test('prefers the factor that the security page calls the default, whatever was removed before', async () => {
    const ada = await person();
    const second = await acme.addTotp(ada.userId, now);
    const factors = `/users/${ada.userId}/factors`;
    expect((await acme.open(ada.userId)).body.preferred).toMatchObject({ factorId: ada.factorId });
    await acme.service('DELETE', `${factors}/${ada.factorId}`);
    expect((await acme.open(ada.userId)).body.preferred).toMatchObject({ factorId: second.factorId });
    const third = await acme.addTotp(ada.userId, now);
    expect((await acme.open(ada.userId)).body.preferred).toMatchObject({ factorId: second.factorId });
    await acme.service('PATCH', `${factors}/${third.factorId}`, { default: true });
    expect((await acme.open(ada.userId)).body.preferred).toMatchObject({ factorId: third.factorId });
  });

  test('is denied where nothing is left to answer it with', async () => {
    const ada = await person();
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const off = { ...policy.factors.totp, enabled: false, usableIfEnrolled: false };
    const changed = await acme.operator(
      'PUT',
      '/policy',
      { ...policy, factors: { totp: off } },
      { 'if-match': String(headers.etag) },
    );
    expect((await acme.open(ada.userId)).body).toMatchObject({ preferred: { method: 'recovery-code' } });
    for (let number = 1; number <= 16; number++)
      expect((await answer(ada, recovery(ada, number))).status).toBe(200);
    expect(await acme.open(ada.userId)).toMatchObject({
      status: 200,
      body: { decision: 'deny', code: 'not-enrolled' },
    });
    await acme.operator('PUT', '/policy', policy, { 'if-match': String(changed.headers.etag) });
  });

  test('of a service that was removed takes no answer', async () => {
    const ada = await person();
    const other = await Tenant.create(api, world.operatorToken, 'leaving');
    const bob = await other.enrol('bob', now);
    world.clock.advance(90);
    const id = await other.challenge('bob');
    await other.operator('DELETE', '/services/payroll');
    expect(await other.answer(id, code({ ...ada, ...bob }))).toMatchObject({
      status: 409,
      body: { code: 'challenge-closed' },
    });
  });

  test('is one of a hundred at most, of which what has ended gives way first', async () => {
    const ada = await person();
    const opened: string[] = [];
    for (let n = 0; n < 100; n++) opened.push(await acme.challenge(ada.userId));
    const [first, second] = opened as [string, string];
    await api('POST', `/v1/challenges/${second}/cancel`);
    const state = async (id: string) => (await api('GET', `/v1/challenges/${id}`)).body.state;
    await acme.challenge(ada.userId);
    expect(await Promise.all([first, second].map(state))).toEqual(['open', undefined]);
    await acme.challenge(ada.userId);
    expect(await state(first)).toBeUndefined();
    expect(await acme.answer(first, code(ada))).toMatchObject({ status: 404 });
    expect(await state(opened[2]!)).toBe('open');
  });

  test('that is cancelled takes no answer', async () => {
    const ada = await person();
    const id = await acme.challenge(ada.userId);
    expect((await api('POST', `/v1/challenges/${id}/cancel`)).status).toBe(204);
    expect(await acme.answer(id, code(ada))).toMatchObject({
      status: 409,
      body: { code: 'challenge-closed' },
    });
    expect((await api('GET', `/v1/challenges/${id}`)).body).toMatchObject({
      state: 'cancelled',
      methods: [],
    });
  });

  test('ends after five wrong codes, and a right one comes too late', async () => {
    const ada = await person();
    const id = await acme.challenge(ada.userId);
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await acme.answer(id, wrong(ada))).toMatchObject({
        status: 403,
        body: { code: 'code-rejected', attemptsLeft },
      });
    }
    expect(await acme.answer(id, code(ada))).toMatchObject({
      status: 409,
      body: { code: 'challenge-closed' },
    });
  });

  test('dies with the epoch it was opened under', async () => {
    const ada = await person();
    const id = await acme.challenge(ada.userId);
    await acme.service('POST', `/users/${ada.userId}/two-step/disable`);
    expect(await acme.answer(id, code(ada))).toMatchObject({
      status: 409,
      body: { code: 'challenge-closed' },
    });
    expect(await acme.answer(id, recovery(ada, 1))).toMatchObject({ status: 409 });
    expect((await acme.service('GET', `/users/${ada.userId}/recovery-codes`)).status).toBe(404);
  });
});

describe('an authenticator code', () => {
  test('passes, once', async () => {
    const ada = await person();
    const first = await acme.challenge(ada.userId);
    const second = await acme.challenge(ada.userId);
    expect(await acme.answer(first, code(ada))).toMatchObject({ status: 200, body: { state: 'passed' } });
    expect(await acme.answer(first, code(ada))).toMatchObject({
      status: 409,
      body: { code: 'challenge-closed' },
    });
    expect(await acme.answer(second, code(ada))).toMatchObject({
      status: 403,
      body: { code: 'code-rejected', attemptsLeft: 4 },
    });
  });

  test('passes once when two arrive together', async () => {
    const ada = await person();
    const ids = [await acme.challenge(ada.userId), await acme.challenge(ada.userId)];
    const answers = await Promise.all(ids.map((id) => acme.answer(id, code(ada))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  test('that confirmed the factor passes nothing', async () => {
    const ada = await acme.enrol(`person-${people++}`, now);
    expect(await answer(ada, code(ada))).toMatchObject({ status: 403 });
    expect(await answer(ada, code(ada, 1))).toMatchObject({ status: 200 });
  });

  test('is good one step early and one step late, and no further', async () => {
    const statuses = [];
    for (const shift of [-2, -1, 0, 1, 2]) {
      const ada = await person();
      statuses.push((await answer(ada, code(ada, shift))).status);
    }
    expect(statuses).toEqual([403, 200, 200, 200, 403]);
  });

  test('at or behind the last accepted step is refused', async () => {
    const ada = await person();
    expect((await answer(ada, code(ada, 1))).status).toBe(200);
    expect((await answer(ada, code(ada, 0))).status).toBe(403);
    expect((await answer(ada, code(ada, -1))).status).toBe(403);
  });

  test('of a removed factor is refused', async () => {
    const ada = await person();
    const second = await acme.addTotp(ada.userId, now);
    const id = await acme.challenge(ada.userId);
    await acme.service('DELETE', `/users/${ada.userId}/factors/${second.factorId}`);
    world.clock.advance(60);
    const body = { method: 'totp', factorId: second.factorId, code: totpCode(second.secret, now()) };
    expect(await acme.answer(id, body)).toMatchObject({ status: 403, body: { code: 'code-rejected' } });
    expect((await acme.answer(id, code(ada))).status).toBe(200);
  });

  test('wrong, spent and of an unknown factor are answered alike', async () => {
    const ada = await person();
    expect((await answer(ada, code(ada))).status).toBe(200);
    const unknown = { ...code(ada), factorId: '0f000000-0000-4000-8000-000000000000' };
    const shape = async (body: object) => {
      const { status, body: problem, headers } = await answer(ada, body);
      return { status, ...problem, requestId: '', headers: Object.keys(headers) };
    };
    const [first, ...others] = [
      await shape(wrong(ada)),
      await shape(code(ada)),
      await shape(unknown),
      await shape(recovery({ ...ada, codes: ['01-0000-0000-0000-0000'] }, 1)),
    ];
    for (const other of others) expect(other).toEqual(first);
  });
});

describe('a recovery code', () => {
  test('passes once, however it is typed, and is not left over', async () => {
    const ada = await person();
    const typed = ada.codes[6]!.toLowerCase().replaceAll('-', ' ');
    expect((await answer(ada, { method: 'recovery-code', code: typed })).status).toBe(200);
    expect((await answer(ada, recovery(ada, 7))).status).toBe(403);
    expect((await answer(ada, recovery(ada, 8))).status).toBe(200);
    expect((await acme.service('GET', `/users/${ada.userId}/recovery-codes`)).body).toMatchObject({
      total: 16,
      remaining: 14,
    });
  });

  test('under another number is wrong', async () => {
    const ada = await person();
    const moved = `02${ada.codes[0]!.slice(2)}`;
    expect((await answer(ada, { method: 'recovery-code', code: moved })).status).toBe(403);
  });

  test('of an older set is dead from the moment there is a new one', async () => {
    const ada = await person();
    const id = await acme.challenge(ada.userId);
    const news = await acme.issueCodes(ada.userId);
    expect((await acme.answer(id, recovery(ada, 1))).status).toBe(403);
    expect((await acme.answer(id, recovery({ ...ada, ...news }, 1))).status).toBe(200);
  });

  test('is no longer offered when all are spent', async () => {
    const ada = await person();
    for (let number = 1; number <= 16; number++)
      expect((await answer(ada, recovery(ada, number))).status).toBe(200);
    const { body } = await acme.open(ada.userId);
    expect(body.methods.map(({ method }: { method: string }) => method)).toEqual(['totp']);
    expect((await acme.service('GET', `/users/${ada.userId}/security`)).body.missing).toEqual([
      'recovery-codes',
    ]);
  });
});

describe('waits', () => {
  async function fail(ada: Person, times: number) {
    let id = '';
    for (let n = 0; n < times; n++) {
      if (n % 5 === 0) id = await acme.challenge(ada.userId);
      expect((await acme.answer(id, wrong(ada))).status).toBe(403);
    }
  }

  test('begin after ten failures, and then right and wrong look the same', async () => {
    const ada = await person();
    const before = await acme.challenge(ada.userId);
    await fail(ada, 10);
    const id = await acme.challenge(ada.userId);
    for (const body of [code(ada), wrong(ada)]) {
      const { status, body: problem, headers } = await acme.answer(id, body);
      expect({ status, ...problem }).toMatchObject({ status: 423, code: 'locked', retryAfter: 60 });
      expect(headers['retry-after']).toBe('60');
    }
    expect((await acme.open(ada.userId)).body.methods[0].lockedUntil).toBe(
      new Date(now() + 60_000).toISOString(),
    );
    world.clock.advance(61);
    expect((await acme.answer(before, code(ada))).body).toMatchObject({ code: 'challenge-closed' });
    expect((await answer(ada, code(ada))).status).toBe(200);
  });

  test('grow with each further failure, let recovery codes through after a minute, and end with a pass', async () => {
    const ada = await person();
    await fail(ada, 10);
    world.clock.advance(60);
    expect((await answer(ada, wrong(ada))).status).toBe(403);
    expect((await answer(ada, code(ada))).body).toMatchObject({ code: 'locked', retryAfter: 120 });
    expect((await answer(ada, recovery(ada, 1))).body).toMatchObject({ code: 'locked', retryAfter: 60 });
    world.clock.advance(60);
    expect((await answer(ada, code(ada))).body).toMatchObject({ code: 'locked', retryAfter: 60 });
    expect((await answer(ada, recovery(ada, 1))).status).toBe(200);
    expect((await answer(ada, code(ada))).status).toBe(200);
  });

  test('are lifted by the help desk', async () => {
    const ada = await person();
    await fail(ada, 10);
    expect((await acme.operator('POST', `/users/${ada.userId}/unlock`)).status).toBe(204);
    expect((await answer(ada, code(ada))).status).toBe(200);
    expect((await acme.operator('POST', '/users/nobody/unlock')).status).toBe(404);
  });
});

describe('a result', () => {
  const verifier = async (service = 'payroll', domain = 'acme') => {
    const { body: keys } = await api('GET', '/.well-known/jwks.json');
    return createResultVerifier({ url: 'http://localhost:4000', domain, service, keys, clockTolerance: 1e9 });
  };

  test('says what was verified, and is verified offline', async () => {
    const ada = await person();
    const { body } = await acme.open(ada.userId, { signInId: 's-42', purpose: 're-authentication' });
    const { result } = (await acme.answer(body.challengeId, code(ada))).body;
    const at = Math.floor(now() / 1_000);
    expect(await (await verifier())(result)).toEqual({
      iss: 'http://localhost:4000/domains/acme',
      aud: 'http://localhost:4000/domains/acme/services/payroll',
      sub: ada.userId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: at,
      exp: at + 300,
      purpose: 're-authentication',
      signInId: 's-42',
      challengeRef: expect.stringMatching(/^[0-9a-f-]{36}$/),
      auth_time: at,
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'urn:sparekey:acr:2',
    });
  });

  test('by a recovery code says so, and claims no second factor', async () => {
    const ada = await person();
    const { result } = (await answer(ada, recovery(ada, 3))).body;
    expect(await (await verifier())(result)).toMatchObject({ amr: ['pwd'], acr: 'urn:sparekey:acr:code' });
  });

  test('is refused by another service, another domain, after a change, and when it is old', async () => {
    const ada = await person();
    const { result } = (await answer(ada, code(ada))).body as { result: string };
    await expect((await verifier('other'))(result)).rejects.toBeInstanceOf(InvalidResult);
    await expect((await verifier('payroll', 'strict'))(result)).rejects.toBeInstanceOf(InvalidResult);
    const [header, claims, signature] = result.split('.') as [string, string, string];
    const forged = Buffer.from(
      Buffer.from(claims, 'base64url').toString().replace(ada.userId, 'root'),
    ).toString('base64url');
    await expect((await verifier())([header, forged, signature].join('.'))).rejects.toBeInstanceOf(
      InvalidResult,
    );
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'sparekey-result+jwt' })).toString(
      'base64url',
    );
    await expect((await verifier())([none, claims, ''].join('.'))).rejects.toBeInstanceOf(InvalidResult);
    const { body: keys } = await api('GET', '/.well-known/jwks.json');
    const today = createResultVerifier({
      url: 'http://localhost:4000',
      domain: 'acme',
      service: 'payroll',
      keys,
    });
    await expect(today(result)).rejects.toMatchObject({ message: 'ERR_JWT_EXPIRED' }); // the test's clock is in the past
  });

  test('problems are of the closed list for clients too', () => {
    expect(new SparekeyProblem(423, 'locked', { retryAfter: 60 }).message).toBe('423 locked');
  });
});

test('a user with many sign-ins is folded from the newest summary, to the same state', async () => {
  const ada = await person();
  for (let n = 0; n < 100; n++) {
    world.clock.advance(30);
    expect((await answer(ada, code(ada))).status).toBe(200);
  }
  const events = await world.store.read(`verification-acme.${ada.userId}`, { limit: 1_000 });
  expect(events.filter(({ type }) => type === 'VerificationSummary').length).toBeGreaterThanOrEqual(3);
  const fresh = acme.through((await world.start()).api);
  expect((await fresh.answer(await acme.challenge(ada.userId), code(ada))).status).toBe(403);
  world.clock.advance(30);
  expect((await fresh.answer(await fresh.challenge(ada.userId), code(ada))).status).toBe(200);
});
