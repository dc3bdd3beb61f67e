import { type Api, newPlace, PASSWORD, type Place, Tenant, totpCode } from '@sparekey/testing';
import { decodeJwt } from 'jose';
import { Visitor } from './visitor.ts';

let world: Place;
let api: Api;
let acme: Tenant;
let { as, exchange, newcomer, enrolled, enrolIn } = {} as Visitor;

beforeAll(async () => {
  world = newPlace();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
  ({ as, exchange, newcomer, enrolled, enrolIn } = new Visitor(api, acme, world.clock));
});
afterAll(() => world.close());

const now = () => world.clock.now();
const U = (userId: string) => `/v1/domains/acme/users/${userId}`;
const claims = (token: string) => decodeJwt(token);

async function policy(change: object): Promise<void> {
  const { body, headers } = await acme.operator('GET', '/policy');
  const match = { 'if-match': String(headers.etag) };
  expect((await acme.operator('PUT', '/policy', { ...body, ...change }, match)).status).toBe(200);
}

describe('the password step', () => {
  test('tells a wrong password, an unknown login, a user without an account and an unknown domain by one word', async () => {
    const { userId, account } = await newcomer();
    await acme.service('PUT', '/users/without', {});
    const tries = [
      { ...account, password: 'not the password' },
      { ...account, login: 'nobody@acme.example' },
      { ...account, login: 'without' },
      { ...account, domain: 'nowhere' },
      { ...account, login: userId },
    ];
    for (const one of tries) {
      const { status, body } = await acme.signIn(one);
      expect({ status, code: body.code, members: Object.keys(body).sort() }).toEqual({
        status: 401,
        code: 'sign-in-refused',
        members: ['code', 'requestId', 'status', 'title', 'type'],
      });
    }
  });

  test('knows a login in any case', async () => {
    const { account } = await newcomer();
    expect((await acme.signIn({ ...account, login: account.login.toUpperCase() })).status).toBe(200);
  });
});

describe('who has not enrolled', () => {
  test('enrols at the first sign-in, and goes on without being asked again', async () => {
    const { userId, account } = await newcomer();
    const { body } = await acme.signIn(account);
    expect(body).toMatchObject({ decision: 'enroll', skippable: true });
    const { token } = body.session;
    expect(claims(token)).toMatchObject({ scope: 'enroll' });
    await enrolIn(token, userId);
    const { status, body: session } = await exchange(token);
    expect(status).toBe(200);
    expect(claims(session.token)).toMatchObject({
      scope: 'full',
      amr: ['pwd', 'otp', 'mfa'],
      acr: 'urn:sparekey:acr:2',
    });
    expect((await as(session.token, 'GET', `${U(userId)}/security`)).body.twoStep.enabled).toBe(true);
    expect((await exchange(token)).status).toBe(401); // it went on as the other
  });

  test('puts it off, for this sign-in and no other', async () => {
    const { userId, account } = await newcomer();
    const { token } = (await acme.signIn(account)).body.session;
    expect((await exchange(token)).body).toMatchObject({ code: 'not-enrolled', skippable: true });
    expect((await as(token, 'POST', `${U(userId)}/two-step/skip`)).status).toBe(204);
    const session = (await exchange(token)).body.token;
    expect(claims(session)).toMatchObject({ scope: 'full', amr: ['pwd'], acr: 'urn:sparekey:acr:none' });
    expect((await acme.signIn(account)).body).toMatchObject({ decision: 'enroll', skippable: true });
  });

  test('puts it off for the sign-in at another service too, which gets a result that says so', async () => {
    const { userId } = await newcomer();
    const open = (signInId: string) => acme.open(userId, { signInId });
    expect((await open('s-1')).body).toEqual({ decision: 'enroll', skippable: true });
    expect((await acme.service('POST', `/users/${userId}/two-step/skip`, { signInId: 's-1' })).status).toBe(
      204,
    );
    const { status, body } = await open('s-1');
    expect({ status, decision: body.decision }).toEqual({ status: 200, decision: 'allow' });
    expect(claims(body.result)).toMatchObject({
      signInId: 's-1',
      acr: 'urn:sparekey:acr:none',
      amr: ['pwd'],
    });
    expect((await open('s-2')).body.decision).toBe('enroll');
    world.clock.advance(3_601);
    expect((await open('s-1')).body.decision).toBe('enroll');
  });

  test('cannot put it off where it is required, and is told so', async () => {
    await policy({ enrollment: { mode: 'required', graceDays: 0 } });
    const { userId, account } = await newcomer();
    const { body } = await acme.signIn(account);
    expect(body).toMatchObject({ decision: 'enroll', skippable: false });
    const { token } = body.session;
    const skip = await as(token, 'POST', `${U(userId)}/two-step/skip`);
    expect(skip).toMatchObject({ status: 422, body: { code: 'policy-refused' } });
    expect(await exchange(token)).toMatchObject({
      status: 409,
      body: { code: 'not-enrolled', skippable: false },
    });
    await enrolIn(token, userId);
    expect(claims((await exchange(token)).body.token)).toMatchObject({ scope: 'full' });
    await policy({ enrollment: { mode: 'optional', graceDays: 0 } });
  });

  test('may put it off until the day from which it is required, and who came later for the days of grace', async () => {
    const day = 86_400;
    const { userId, account } = await newcomer();
    const requiredFrom = new Date(now() + 2 * day * 1_000).toISOString();
    await policy({ enrollment: { mode: 'required', requiredFrom, graceDays: 1 } });
    const deadline = new Date(Date.parse(requiredFrom) + day * 1_000).toISOString();
    expect((await acme.signIn(account)).body).toMatchObject({
      decision: 'enroll',
      skippable: true,
      deadline,
    });
    expect((await acme.service('GET', `/users/${userId}/security`)).body.twoStep).toEqual({
      enabled: false,
      required: false,
      deadline,
    });
    await acme.plainSession(userId, account);
    world.clock.advance(3 * day - 1);
    const { token } = (await acme.signIn(account)).body.session;
    expect((await as(token, 'POST', `${U(userId)}/two-step/skip`)).status).toBe(204);
    world.clock.advance(1);
    expect((await exchange(token)).body).toMatchObject({ code: 'not-enrolled', skippable: false }); // put off too late
    expect((await acme.signIn(account)).body).toMatchObject({ decision: 'enroll', skippable: false });

    const late = await newcomer();
    const graceUntil = new Date(now() + day * 1_000).toISOString();
    expect((await acme.signIn(late.account)).body).toMatchObject({ skippable: true, deadline: graceUntil });
    await policy({ enrollment: { mode: 'optional', graceDays: 0 } });
  });
});

describe('who has enrolled', () => {
  test('gets a session for password and code, and the result works once', async () => {
    const ada = await enrolled();
    const { body } = await acme.signIn(ada.account);
    expect(body).toEqual({
      decision: 'challenge',
      challenge: {
        challengeId: expect.stringMatching(/^skc_/),
        methods: expect.arrayContaining([expect.objectContaining({ method: 'totp' })]),
        preferred: expect.objectContaining({ method: 'totp' }),
        expiresAt: expect.any(String),
      },
    });
    const { result } = (await acme.answer(body.challenge.challengeId, ada.code())).body;
    const both = await Promise.all([exchange(undefined, result), exchange(undefined, result)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await exchange(undefined, result)).toMatchObject({ status: 409, body: { code: 'result-taken' } });
    const session = both.find(({ status }) => status === 200)!.body;
    expect(claims(session.token)).toMatchObject({
      sub: ada.userId,
      scope: 'full',
      acr: 'urn:sparekey:acr:2',
    });
    expect((await as(session.token, 'GET', `${U(ada.userId)}/security`)).status).toBe(200);
  });

  test('and has only a recovery code replaces factors, and nothing else, for an hour', async () => {
    const ada = await enrolled();
    const token = await acme.fullSession(ada.account, () => ({
      method: 'recovery-code',
      code: ada.codes[0]!,
    }));
    expect(claims(token)).toMatchObject({ scope: 'factors', acr: 'urn:sparekey:acr:code' });
    const forbidden = await Promise.all([
      as(token, 'POST', `${U(ada.userId)}/two-step/disable`),
      as(token, 'POST', `${U(ada.userId)}/recovery-codes`),
      as(token, 'POST', `${U(ada.userId)}/access-tokens`, {}),
      as(token, 'POST', '/v1/identity/password', { password: PASSWORD }),
      as(token, 'POST', '/v1/domains/acme/challenges', { userId: ada.userId, purpose: 're-authentication' }),
    ]);
    expect(forbidden.map(({ body }) => body.code)).toEqual(Array.from({ length: 5 }, () => 'forbidden'));
    const { body: factor } = await as(token, 'POST', `${U(ada.userId)}/factors`, { type: 'totp' });
    const confirm = { code: totpCode(factor.secret, now()) };
    expect(
      (await as(token, 'POST', `${U(ada.userId)}/factors/${factor.factorId}/confirm`, confirm)).status,
    ).toBe(200);
    expect((await as(token, 'DELETE', `${U(ada.userId)}/factors/${ada.factorId}`)).status).toBe(204);
    const renewed = (await exchange(token)).body.token;
    expect(claims(renewed)).toMatchObject({ scope: 'factors', session_exp: claims(token).session_exp });
    world.clock.advance(3_600);
    expect((await as(renewed, 'GET', `${U(ada.userId)}/security`)).status).toBe(401);
    const newCode = () => ({ method: 'totp', code: totpCode(factor.secret, now()) });
    expect(claims(await acme.fullSession(ada.account, newCode))).toMatchObject({ scope: 'full' });
  });

  test('and replaces factors has the whole hour for it, with the password shown again', async () => {
    const ada = await enrolled();
    const token = await acme.fullSession(ada.account, () => ({
      method: 'recovery-code',
      code: ada.codes[0]!,
    }));
    world.clock.advance(1_800);
    const add = (by: string) => as(by, 'POST', `${U(ada.userId)}/factors`, { type: 'totp' });
    expect((await add(token)).body).toMatchObject({ code: 'step-up-required', missing: ['password'] });
    const confirmed = await as(token, 'POST', '/v1/identity/confirm-password', { password: PASSWORD });
    expect((await add(confirmed.body.token)).status).toBe(201);
  });

  test('and has nothing left that the policy lets through is refused in plain words', async () => {
    const strict = await Tenant.create(api, world.operatorToken, 'strict');
    await strict.service('PUT', '/users/ada', {});
    const account = await strict.account('ada');
    const ada = await strict.enrol('ada', now);
    const { body: before, headers } = await strict.operator('GET', '/policy');
    const totp = { ...before.factors.totp, enabled: false, usableIfEnrolled: false };
    await strict.operator(
      'PUT',
      '/policy',
      { ...before, factors: { totp } },
      { 'if-match': String(headers.etag) },
    );
    for (const code of ada.codes) {
      await strict.answer(await strict.challenge('ada'), { method: 'recovery-code', code });
    }
    expect(await acme.signIn(account)).toMatchObject({ status: 409, body: { code: 'not-enrolled' } });
  });
});

describe('a session', () => {
  test('ends when its person signs out, at once and in every process', async () => {
    const { userId, account } = await newcomer();
    const token = await acme.plainSession(userId, account);
    const elsewhere = (await world.start()).api;
    const there = () => elsewhere('GET', `${U(userId)}/security`, { token });
    expect((await there()).status).toBe(200);
    expect((await as(token, 'DELETE', '/v1/identity/sessions/current')).status).toBe(204);
    expect((await there()).status).toBe(401);
  });

  test('ends when it was idle for too long, and goes on while it is used, but not for ever', async () => {
    const { userId, account } = await newcomer();
    let token = await acme.plainSession(userId, account);
    world.clock.advance(3_599);
    token = (await exchange(token)).body.token;
    world.clock.advance(3_599);
    expect((await as(token, 'GET', `${U(userId)}/security`)).status).toBe(200);
    world.clock.advance(1);
    expect((await as(token, 'GET', `${U(userId)}/security`)).status).toBe(401);

    token = await acme.plainSession(userId, account);
    for (let hours = 0; hours < 23.5; hours += 0.5) {
      world.clock.advance(1_800);
      const { status, body } = await exchange(token);
      expect(status).toBe(200);
      token = body.token;
    }
    world.clock.advance(1_800);
    expect((await exchange(token)).status).toBe(401);
  });

  test('ends with the epoch under which it began', async () => {
    const ada = await enrolled();
    const token = await acme.fullSession(ada.account, ada.code);
    world.clock.advance(30);
    const other = await acme.fullSession(ada.account, ada.code);
    expect((await as(token, 'POST', `${U(ada.userId)}/two-step/disable`)).status).toBe(204);
    expect((await exchange(token)).status).toBe(401);
    expect((await exchange(other)).status).toBe(401);
  });

  test('ends with a new password, and so do sign-ins that are under way and access tokens', async () => {
    const ada = await enrolled();
    const token = await acme.fullSession(ada.account, ada.code);
    const expiresAt = new Date(now() + 86_400_000).toISOString();
    const issued = await as(token, 'POST', `${U(ada.userId)}/access-tokens`, {
      name: 'cron',
      scopes: ['security:read'],
      expiresAt,
    });
    expect((await as(issued.body.token, 'GET', `${U(ada.userId)}/security`)).status).toBe(200);
    world.clock.advance(30);
    const underWay = (await acme.signIn(ada.account)).body.challenge.challengeId;
    const { result } = (await acme.answer(underWay, ada.code())).body;
    world.clock.advance(1);
    const password = 'seven brass kettles in Delft';
    const changed = await as(token, 'POST', '/v1/identity/password', { password });
    expect(changed.status).toBe(200);
    expect((await exchange(token)).status).toBe(401);
    expect((await exchange(undefined, result)).status).toBe(401);
    expect((await as(issued.body.token, 'GET', `${U(ada.userId)}/security`)).status).toBe(401);
    expect((await as(changed.body.token, 'GET', `${U(ada.userId)}/security`)).status).toBe(200);
    expect((await acme.signIn(ada.account)).status).toBe(401);
    expect((await acme.signIn({ ...ada.account, password })).body.decision).toBe('challenge');
  });

  test('does not begin with a result from before two-step verification was switched off', async () => {
    const ada = await enrolled();
    const { challengeId } = (await acme.signIn(ada.account)).body.challenge;
    const { result } = (await acme.answer(challengeId, ada.code())).body;
    await acme.service('POST', `/users/${ada.userId}/two-step/disable`);
    expect((await exchange(undefined, result)).status).toBe(401);
  });

  test('does not come back with the sign-in service', async () => {
    const other = await Tenant.create(api, world.operatorToken, 'again');
    await other.service('PUT', '/users/ada', {});
    const token = await other.plainSession('ada', await other.account('ada'));
    await other.operator('DELETE', '/services/identity');
    world.clock.advance(1);
    await other.operator('PUT', '/services/identity', { displayName: 'Sign-in' });
    expect((await as(token, 'GET', '/v1/domains/again/users/ada/security')).status).toBe(401);
  });

  test('that ended sets no password, however long it was looked at', async () => {
    const { userId, account } = await newcomer();
    const [thiefs, owners] = [
      await acme.plainSession(userId, account),
      await acme.plainSession(userId, account),
    ];
    const change = (token: string, password: string) =>
      as(token, 'POST', '/v1/identity/password', { password });
    const [first, second] = await Promise.all([
      change(owners, 'nine quiet harbours in March'),
      change(thiefs, 'nine stolen lanterns in June'),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 401]);
    const winner = first.status === 200 ? 'nine quiet harbours in March' : 'nine stolen lanterns in June';
    expect((await acme.signIn({ ...account, password: winner })).status).toBe(200);
  });

  test('is one of fifty at most: another one ends the oldest', async () => {
    const { userId, account } = await newcomer();
    const first = await acme.plainSession(userId, account);
    for (let n = 0; n < 50; n++) {
      world.clock.advance(1);
      await acme.signIn(account);
    }
    expect((await as(first, 'GET', `${U(userId)}/security`)).status).toBe(401);
  });
});

describe('a sensitive change', () => {
  const addFactor = (token: string, userId: string) =>
    as(token, 'POST', `${U(userId)}/factors`, { type: 'totp' });

  test('in a session that is too old asks for the password again (RFC 9470)', async () => {
    const { userId, account } = await newcomer();
    const token = await acme.plainSession(userId, account);
    world.clock.advance(901);
    const { status, body, headers } = await addFactor(token, userId);
    expect({ status, code: body.code, missing: body.missing }).toEqual({
      status: 401,
      code: 'step-up-required',
      missing: ['password'],
    });
    expect(headers['www-authenticate']).toBe('Bearer error="insufficient_user_authentication", max_age=900');
    const confirm = (password: string) => as(token, 'POST', '/v1/identity/confirm-password', { password });
    expect(await confirm('wrong')).toMatchObject({ status: 401, body: { code: 'sign-in-refused' } });
    const fresh = (await confirm(account.password)).body.token;
    expect(claims(fresh)).toMatchObject({ sid: claims(token).sid, session_exp: claims(token).session_exp });
    expect((await addFactor(fresh, userId)).status).toBe(201);
    expect((await addFactor(token, userId)).status).toBe(401); // the older token is as old as it was
  });

  test('with two-step verification on asks for a second factor too', async () => {
    const ada = await enrolled();
    const token = await acme.fullSession(ada.account, ada.code);
    world.clock.advance(930);
    const refused = await addFactor(token, ada.userId);
    expect(refused.body).toMatchObject({ code: 'step-up-required', missing: ['password', 'second-step'] });
    expect(refused.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="urn:sparekey:acr:2", max_age=900',
    );
    const confirmed = (await as(token, 'POST', '/v1/identity/confirm-password', { password: PASSWORD })).body
      .token;
    expect((await addFactor(confirmed, ada.userId)).body.missing).toEqual(['second-step']);
    const challenge = { userId: ada.userId, purpose: 're-authentication' };
    const opened = await as(confirmed, 'POST', '/v1/domains/acme/challenges', challenge);
    expect(opened.status).toBe(201);
    const { result } = (await acme.answer(opened.body.challengeId, ada.code())).body;
    world.clock.advance(30);
    const elsewhere = await acme.fullSession(ada.account, ada.code);
    expect((await exchange(undefined, result)).status).toBe(401); // not without the session that asked
    expect((await exchange(elsewhere, result)).status).toBe(401); // nor in another one
    const fresh = (await exchange(confirmed, result)).body.token;
    expect(await exchange(confirmed, result)).toMatchObject({ status: 409, body: { code: 'result-taken' } });
    expect((await addFactor(fresh, ada.userId)).status).toBe(201);
    expect(claims(fresh).sid).toBe(claims(token).sid);
  });

  test('is for oneself: nobody re-authenticates as another, or signs in by it', async () => {
    const [ada, bob] = [await enrolled(), await enrolled()];
    const token = await acme.fullSession(ada.account, ada.code);
    const open = (body: object) => as(token, 'POST', '/v1/domains/acme/challenges', body);
    expect((await open({ userId: bob.userId, purpose: 're-authentication' })).status).toBe(403);
    expect((await open({ userId: ada.userId, purpose: 'sign-in' })).status).toBe(403);
  });
});
