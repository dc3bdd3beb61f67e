import { createResultVerifier, createVerifier } from '@sparekey/client';
import { type Api, newPlace, type Person, type Place, Tenant, totpCode } from '@sparekey/testing';

const RETURN = 'https://payroll.acme.example/signed-in?from=sparekey';

let world: Place;
let api: Api;
let acme: Tenant;
let ada: Person;

beforeAll(async () => {
  world = newPlace();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken, 'acme', {
    returnUrls: [RETURN, 'http://localhost:3000/back'],
  });
  ada = await acme.enrol('ada', () => world.clock.now());
});
afterAll(() => world.close());
beforeEach(() => world.clock.advance(30));

const { codeVerifier, codeChallenge } = createVerifier();
const open = (more: object = {}) =>
  acme.open('ada', { signInId: 's-42', returnUrl: RETURN, codeChallenge, ...more });
const right = () => ({ method: 'totp', code: totpCode(ada.secret, world.clock.now()) });
const take = (body: object, tenant = acme) => tenant.service('POST', '/results', body);

/** The whole way to the return address. @returns the code that came along */
async function passed(more: object = {}): Promise<string> {
  const { body } = await open(more);
  const answer = await acme.answer(body.challengeId, right());
  return new URL(answer.body.redirectTo).searchParams.get('code')!;
}

test('a hosted challenge ends at the return address, and its result is fetched once', async () => {
  const { status, body } = await open();
  expect(status).toBe(201);
  expect(body.url).toBe(`http://localhost:4000/challenge#${body.challengeId}`); // never sent to a server: a fragment
  const answer = await acme.answer(body.challengeId, right());
  expect(Object.keys(answer.body).sort()).toEqual(['redirectTo', 'state']); // the page is shown no result
  const to = new URL(answer.body.redirectTo);
  const code = to.searchParams.get('code')!;
  expect(`${to.origin}${to.pathname}`).toBe('https://payroll.acme.example/signed-in');
  expect(to.searchParams.get('from')).toBe('sparekey');
  expect(to.searchParams.get('signInId')).toBe('s-42');

  const { keys } = (await api('GET', '/.well-known/jwks.json')).body;
  const verify = createResultVerifier({
    url: 'http://localhost:4000',
    domain: 'acme',
    service: 'payroll',
    keys: { keys },
    now: () => world.clock.now(),
  });
  const both = await Promise.all([take({ code, codeVerifier }), take({ code, codeVerifier })]);
  expect(both.map((one) => one.status).sort()).toEqual([200, 409]);
  const result = both.find((one) => one.status === 200)!.body.result;
  expect(await verify(result)).toMatchObject({ sub: 'ada', signInId: 's-42', acr: 'urn:sparekey:acr:2' });
  expect(await take({ code, codeVerifier })).toMatchObject({ status: 409, body: { code: 'result-taken' } });
});

describe('relayed: whoever started it sends the page to the victim, who passes it', () => {
  test('and their own browser has the verifier but no code', async () => {
    const attackers = createVerifier();
    const { body } = await open({ codeChallenge: attackers.codeChallenge });
    const answer = await acme.answer(body.challengeId, right());
    expect(answer.body).not.toHaveProperty('result');
    const { codeVerifier: verifier } = attackers;
    expect((await take({ code: body.challengeId, codeVerifier: verifier })).status).toBe(404);
    const shown = await api('GET', `/v1/challenges/${body.challengeId}`);
    expect(JSON.stringify(shown.body)).not.toMatch(/skr_|eyJ|redirectTo/);
  });

  test("and the victim's browser has the code but no verifier: the service gets nothing", async () => {
    const code = await passed({ codeChallenge: createVerifier().codeChallenge });
    expect(await take({ code, codeVerifier })).toMatchObject({
      status: 403,
      body: { code: 'code-rejected' },
    });
    expect(await take({ code, codeVerifier: createVerifier().codeVerifier })).toMatchObject({ status: 403 });
  });

  test('and a wrong verifier spends nothing of the right one', async () => {
    const code = await passed();
    expect((await take({ code, codeVerifier: createVerifier().codeVerifier })).status).toBe(403);
    expect((await take({ code, codeVerifier })).status).toBe(200);
  });
});

describe('the code', () => {
  test('is good for a minute', async () => {
    const code = await passed();
    world.clock.advance(60);
    expect(await take({ code, codeVerifier })).toMatchObject({
      status: 410,
      body: { code: 'challenge-expired' },
    });
  });

  test('is good for a minute even where the challenge itself expires before', async () => {
    const { body } = await open();
    world.clock.advance(299);
    const answer = await acme.answer(body.challengeId, right());
    const code = new URL(answer.body.redirectTo).searchParams.get('code')!;
    world.clock.advance(30);
    await acme.challenge('ada'); // what has expired is forgotten here
    expect((await take({ code, codeVerifier })).status).toBe(200);
  });

  test('is for the service that opened the challenge, in its domain', async () => {
    const code = await passed();
    await acme.operator('PUT', '/services/shop', { displayName: 'Shop' });
    const shop = await acme.operator('POST', '/api-tokens', {
      name: 'shop',
      role: 'service',
      service: 'shop',
    });
    const call = { token: shop.body.token as string, body: { code, codeVerifier } };
    expect((await api('POST', '/v1/domains/acme/results', call)).status).toBe(404);
    const other = await Tenant.create(api, world.operatorToken, 'other');
    expect((await take({ code, codeVerifier }, other)).status).toBe(404);
    expect((await take({ code, codeVerifier })).status).toBe(200);
  });

  test('is no challenge id, and a challenge id is no code', async () => {
    const code = await passed();
    expect((await api('GET', `/v1/challenges/${code}`)).status).toBe(404);
    expect((await take({ code: await acme.challenge('ada'), codeVerifier })).status).toBe(404);
  });
});

describe('a return address', () => {
  test.each([
    ['another character', 'https://payroll.acme.example/signed-iN?from=sparekey'],
    ['a longer path', `${RETURN}2`],
    ['a shorter path', 'https://payroll.acme.example/signed-in'],
    ['another scheme', RETURN.replace('https', 'http')],
    ['another host', RETURN.replace('payroll', 'payr0ll')],
    ['a host of the same beginning', RETURN.replace('example/', 'example.evil.example/')],
    ['a user', RETURN.replace('//', '//x@')],
    ['a user that looks like the host', RETURN.replace('//', '//payroll.acme.example@evil.example/')],
    ['a port', RETURN.replace('example/', 'example:8443/')],
    ['the standard port', RETURN.replace('example/', 'example:443/')],
    ['a fragment', `${RETURN}#x`],
    ['another order', 'https://payroll.acme.example/signed-in?&from=sparekey'],
    ['upper case', RETURN.replace('payroll', 'PAYROLL')],
    ['a dot', RETURN.replace('/signed-in', '/./signed-in')],
    ['a percent sign', RETURN.replace('signed-in', 'signed%2Din')],
    ['a backslash', RETURN.replace('https://', 'https:\\\\')],
    ['another port of loopback', 'http://localhost:3001/back'],
    ['another name of loopback', 'http://127.0.0.1:3000/back'],
    ['a space', ` ${RETURN}`],
  ])('is not one that differs by %s', async (_, returnUrl) => {
    expect(returnUrl).not.toBe(RETURN);
    const before = (await world.store.readAll(undefined, 10_000)).length;
    expect(await open({ returnUrl })).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
    expect((await world.store.readAll(undefined, 10_000)).length).toBe(before);
  });

  test('goes with a challenge and with a sign-in id', async () => {
    expect((await open({ codeChallenge: undefined })).status).toBe(400);
    expect((await open({ returnUrl: undefined })).status).toBe(400);
    expect((await open({ signInId: undefined })).status).toBe(400);
    expect((await open({ returnUrl: 'http://localhost:3000/back' })).status).toBe(201);
  });
});

test('a return address that was taken away is not gone back to', async () => {
  const { body } = await open({ returnUrl: 'http://localhost:3000/back' });
  const code = await passed();
  const settings = { displayName: 'Payroll', onBehalf: true };
  await acme.operator('PUT', '/services/payroll', {
    ...settings,
    returnUrls: ['https://elsewhere.acme.example/'],
  });
  world.clock.advance(30);
  const late = await acme.answer(body.challengeId, right());
  expect(late).toMatchObject({ status: 409, body: { code: 'challenge-closed' } });
  expect(await take({ code, codeVerifier })).toMatchObject({
    status: 409,
    body: { code: 'challenge-closed' },
  });
  await acme.operator('PUT', '/services/payroll', {
    ...settings,
    returnUrls: [RETURN, 'http://localhost:3000/back'],
  });
});

test('without a return address there is no page, and the result goes to who answers', async () => {
  const { body } = await acme.open('ada');
  expect(body).not.toHaveProperty('url');
  expect((await acme.answer(body.challengeId, right())).body).toEqual({
    state: 'passed',
    result: expect.any(String),
  });
});

test('a result is not given when what it rests on was taken back meanwhile', async () => {
  await acme.addTotp('ada', () => world.clock.now());
  const code = await passed();
  expect((await acme.service('DELETE', `/users/ada/factors/${ada.factorId}`)).status).toBe(204);
  expect(await take({ code, codeVerifier })).toMatchObject({
    status: 409,
    body: { code: 'challenge-closed' },
  });
});
