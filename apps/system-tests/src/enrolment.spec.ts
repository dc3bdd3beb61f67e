import { type Api, newPlace, type Place, Tenant, totpCode, wrongCode } from '@sparekey/testing';

let world: Place;
let app: { readonly api: Api };
let api: Api;
let acme: Tenant;

beforeAll(async () => {
  world = newPlace();
  app = await world.start();
  api = app.api;
  acme = await Tenant.create(api, world.operatorToken);
});
afterAll(() => world.close());

const now = () => world.clock.now();
const security = async (user: string) => (await acme.service('GET', `/users/${user}/security`)).body;

describe('a domain', () => {
  test('is made by the operator, and known by its name', async () => {
    const made = await api('PUT', '/v1/domains/other', {
      token: world.operatorToken,
      body: { displayName: 'Other' },
    });
    expect(made).toMatchObject({ status: 201, body: { domain: 'other', displayName: 'Other' } });
    const again = await api('PUT', '/v1/domains/other', {
      token: world.operatorToken,
      body: { displayName: 'Other' },
    });
    expect(again.status).toBe(200);
    expect(await api('GET', '/v1/domains/other', { token: world.operatorToken })).toMatchObject({
      status: 200,
    });
    expect(await api('GET', '/v1/domains/nobody', { token: world.operatorToken })).toMatchObject({
      status: 404,
    });
  });

  test('has a policy that is replaced only by who has seen it', async () => {
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    expect(headers.etag).toBe('"0"');
    const stricter = { ...policy, maxFactors: 4 };
    expect(await acme.operator('PUT', '/policy', stricter)).toMatchObject({
      status: 428,
      body: { code: 'precondition-required' },
    });
    expect(await acme.operator('PUT', '/policy', stricter, { 'if-match': '"7"' })).toMatchObject({
      status: 412,
    });
    expect(await acme.operator('PUT', '/policy', stricter, { 'if-match': '*' })).toMatchObject({
      status: 412,
    });
    const replaced = await acme.operator('PUT', '/policy', stricter, { 'if-match': '"0"' });
    expect(replaced).toMatchObject({ status: 200, body: stricter, headers: { etag: '"1"' } });
    expect(await acme.operator('PUT', '/policy', policy, { 'if-match': '"0"' })).toMatchObject({
      status: 412,
    });
    expect((await acme.operator('PUT', '/policy', policy, { 'if-match': '"1"' })).status).toBe(200);
  });

  test('has no policy beyond the bounds', async () => {
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const loose = { ...policy, challenge: { ...policy.challenge, attempts: 99 } };
    const refused = await acme.operator('PUT', '/policy', loose, { 'if-match': String(headers.etag) });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'policy-refused', errors: [{ field: 'challenge.attempts' }] },
    });
    const broken = await acme.operator(
      'PUT',
      '/policy',
      { ...policy, extra: true },
      { 'if-match': String(headers.etag) },
    );
    expect(broken).toMatchObject({
      status: 400,
      body: { code: 'validation-failed', errors: [{ field: 'extra' }] },
    });
  });
});

describe('a user', () => {
  test('comes into being by PUT, and is changed by it', async () => {
    const contacts = {
      emails: ['grace@acme.example'],
      phone: '+14155550123',
      displayName: 'Grace',
      locale: 'en-GB',
    };
    expect(await acme.service('PUT', '/users/grace', contacts)).toMatchObject({
      status: 201,
      body: { userId: 'grace' },
    });
    expect((await acme.service('PUT', '/users/grace', contacts)).status).toBe(200);
    expect((await acme.service('PUT', '/users/grace', { ...contacts, displayName: 'Grace H' })).status).toBe(
      200,
    );
    const events = await world.store.read('factors-acme.grace');
    expect(events.map(({ type }) => type)).toEqual(['UserRegistered', 'ContactsChanged']);
  });

  test('without anything enrolled is told what is missing', async () => {
    await acme.service('PUT', '/users/new', {});
    expect(await security('new')).toEqual({
      userId: 'new',
      twoStep: { enabled: false, required: false },
      factors: [],
      recoveryCodes: null,
      enrollable: ['webauthn', 'totp'],
      missing: ['factor', 'recovery-codes', 'two-step'],
    });
  });

  test('may add what the policy allows, and one that was begun takes no room', async () => {
    const tight = await Tenant.create(api, world.operatorToken, 'tight');
    const { body: policy } = await tight.operator('GET', '/policy');
    await tight.operator('PUT', '/policy', { ...policy, maxFactors: 1 }, { 'if-match': '"0"' });
    await tight.service('PUT', '/users/eve', {});
    const addable = async () => (await tight.service('GET', '/users/eve/security')).body.enrollable;
    const { body: begun } = await tight.service('POST', '/users/eve/factors', { type: 'totp' });
    expect(await addable()).toEqual(['webauthn', 'totp']);
    const code = totpCode(begun.secret as string, now());
    await tight.service('POST', `/users/eve/factors/${String(begun.factorId)}/confirm`, { code });
    expect(await addable()).toEqual([]);
  });

  test('enrols an authenticator app, saves codes, switches two-step verification on', async () => {
    await acme.service('PUT', '/users/ada', { emails: ['ada@acme.example'] });
    const added = await acme.service('POST', '/users/ada/factors', { type: 'totp', name: 'Ada’s phone' });
    expect(added).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
    const { factorId, secret, otpauthUri, qrCode } = added.body;
    expect(otpauthUri).toBe(`otpauth://totp/Acme:ada%40acme.example?secret=${secret}&issuer=Acme`);
    expect(qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(await security('ada')).toMatchObject({
      factors: [{ factorId, name: 'Ada’s phone', status: 'pending' }],
    });

    const path = `/users/ada/factors/${factorId}/confirm`;
    expect(await acme.service('POST', path, { code: wrongCode(secret, now()) })).toMatchObject({
      status: 403,
      body: { code: 'code-rejected', attemptsLeft: 4 },
    });
    expect(await acme.service('POST', path, { code: totpCode(secret, now()) })).toMatchObject({
      status: 200,
      body: { factorId, status: 'confirmed' },
    });
    expect(await acme.service('POST', path, { code: totpCode(secret, now()) })).toMatchObject({
      status: 409,
    });

    const enable = () => acme.service('POST', '/users/ada/two-step/enable');
    expect(await enable()).toMatchObject({ status: 409, body: { code: 'codes-not-saved' } });
    const issued = await acme.service('POST', '/users/ada/recovery-codes');
    expect(issued.status).toBe(201);
    expect(new Set(issued.body.codes).size).toBe(16);
    expect(issued.body.codes[15]).toMatch(/^16(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
    expect(await enable()).toMatchObject({ status: 409, body: { code: 'codes-not-saved' } });
    const { batchId } = issued.body;
    expect((await acme.service('POST', '/users/ada/recovery-codes/saved', { batchId })).status).toBe(204);
    expect((await enable()).status).toBe(204);
    expect(await security('ada')).toMatchObject({
      twoStep: { enabled: true },
      factors: [{ status: 'confirmed', default: true }],
      recoveryCodes: { batchId, total: 16, remaining: 16, saved: true },
      missing: [],
    });
    expect((await acme.service('GET', '/users/ada/recovery-codes')).body).toEqual(
      (await security('ada')).recoveryCodes,
    );
  });

  test('names, prefers and removes factors, but keeps the last one while two-step verification is on', async () => {
    const bob = await acme.enrol('bob', now);
    const second = await acme.addTotp('bob', now);
    const path = `/users/bob/factors/${second.factorId}`;
    expect((await acme.service('PATCH', path, { name: 'Tablet', default: true })).status).toBe(204);
    expect((await security('bob')).factors).toMatchObject([
      { default: false },
      { name: 'Tablet', default: true },
    ]);
    expect((await acme.service('PATCH', path, { default: false })).status).toBe(400);
    expect((await acme.service('DELETE', path)).status).toBe(204);
    expect((await acme.service('DELETE', path)).status).toBe(404);
    const last = await acme.service('DELETE', `/users/bob/factors/${bob.factorId}`);
    expect(last).toMatchObject({ status: 422, body: { code: 'policy-refused' } });
    expect((await acme.service('POST', '/users/bob/two-step/disable')).status).toBe(204);
    expect((await acme.service('DELETE', `/users/bob/factors/${bob.factorId}`)).status).toBe(204);
    expect((await acme.service('POST', '/users/bob/two-step/enable')).body).toMatchObject({
      code: 'not-enrolled',
    });
  });

  test('cannot confirm a factor after ten minutes, nor after five wrong codes', async () => {
    await acme.service('PUT', '/users/slow', {});
    const add = async () => (await acme.service('POST', '/users/slow/factors', { type: 'totp' })).body;
    const confirm = (
      { factorId, secret }: { factorId: string; secret: string },
      code = totpCode(secret, now()),
    ) => acme.service('POST', `/users/slow/factors/${factorId}/confirm`, { code });
    const late = await add();
    world.clock.advance(600);
    expect((await confirm(late)).status).toBe(404);
    const guessed = await add();
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect((await confirm(guessed, wrongCode(guessed.secret, now()))).body).toMatchObject({ attemptsLeft });
    }
    expect((await confirm(guessed)).status).toBe(404);
  });

  test('cannot enrol what the policy switches off', async () => {
    await acme.service('PUT', '/users/off', {});
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const off = { ...policy, factors: { totp: { ...policy.factors.totp, enabled: false } } };
    const { headers: news } = await acme.operator('PUT', '/policy', off, {
      'if-match': String(headers.etag),
    });
    expect(await acme.service('POST', '/users/off/factors', { type: 'totp' })).toMatchObject({ status: 422 });
    await acme.operator('PUT', '/policy', policy, { 'if-match': String(news.etag) });
  });

  test('of another domain does not exist here', async () => {
    const other = await Tenant.create(api, world.operatorToken, 'elsewhere');
    await other.service('PUT', '/users/ada', {});
    expect((await other.service('GET', '/users/bob/security')).status).toBe(404);
    expect((await other.service('POST', '/users/bob/factors', { type: 'totp' })).status).toBe(404);
    expect((await other.service('POST', '/users/bob/recovery-codes')).status).toBe(404);
  });
});
