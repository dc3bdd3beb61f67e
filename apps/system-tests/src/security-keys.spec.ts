import { authenticator, FLAG, type Authenticator } from '@sparekey/factors/testing';
import { holdTo, newPlace, Tenant, totpCode, wrongCode, type ApiAnswer, type Place } from '@sparekey/testing';

/*
 * Security keys and passkeys through the API, from the first one to the last, with an authenticator of our own hand.
 */
const ORIGIN = 'http://localhost:4000';
let world: Place;
let acme: Tenant;
const now = () => world.clock.now();

beforeAll(async () => {
  world = newPlace();
  const { api } = await world.start();
  holdTo((await api('GET', '/openapi.json')).body);
  acme = await Tenant.create(api, world.operatorToken);
}, 180_000);
afterAll(() => world.close());

const keyOf = (input: object = {}) => authenticator({ origin: ORIGIN, ...input });

interface Options {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials: readonly { readonly id: string }[];
}
interface Creation {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly excludeCredentials: readonly { readonly id: string }[];
}

async function begin(user: string, body: object = {}) {
  const { status, body: added } = await acme.service('POST', `/users/${user}/factors`, {
    type: 'webauthn',
    ...body,
  });
  expect(status).toBe(201);
  return { factorId: added.factorId, options: added.creationOptions as Creation };
}

const confirm = (user: string, factorId: string, credential: object): Promise<ApiAnswer> =>
  acme.service('POST', `/users/${user}/factors/${factorId}/confirm`, { credential });

/** @returns the id of the factor */
async function enrol(user: string, key: Authenticator, body: object = {}): Promise<string> {
  const { factorId, options } = await begin(user, body);
  expect((await confirm(user, factorId, key.create(options))).status).toBe(200);
  return factorId;
}

const optionsOf = async (challengeId: string): Promise<Options> => {
  const { status, body } = await acme.api('POST', `/v1/challenges/${challengeId}/webauthn-options`);
  expect(status).toBe(200);
  return body;
};

const answer = (challengeId: string, credential: object): Promise<ApiAnswer> =>
  acme.answer(challengeId, { method: 'webauthn', credential });

/** A sign-in of this user's, answered by this key. */
async function signIn(user: string, key: Authenticator, wishes: Parameters<Authenticator['get']>[1] = {}) {
  const challengeId = await acme.challenge(user);
  return answer(challengeId, key.get(await optionsOf(challengeId), wishes));
}

const claimsOf = ({ body }: ApiAnswer) =>
  JSON.parse(Buffer.from(String(body.result).split('.')[1]!, 'base64url').toString()) as object;

const security = async (user: string) => (await acme.service('GET', `/users/${user}/security`)).body;

async function putPolicy(webauthn: object): Promise<ApiAnswer> {
  const { body: policy, headers } = await acme.operator('GET', '/policy');
  const factors = { ...policy.factors, webauthn: { ...policy.factors.webauthn, ...webauthn } };
  return acme.operator('PUT', '/policy', { ...policy, factors }, { 'if-match': String(headers.etag) });
}

/** Whether a notice of this event has gone out. */
async function toldOf(user: string, eventId: string): Promise<boolean> {
  const { body } = await acme.operator('GET', `/audit?user=${user}&action=notice.sent`);
  return body.items.some(({ detail }: { detail: { eventId: string } }) => detail.eventId === eventId);
}

const REFUSED = { status: 403, body: { code: 'code-rejected' } };

describe('a person with security keys', () => {
  const first = keyOf();
  let factorId: string;
  beforeAll(async () => {
    await acme.enrol('ada', now);
    factorId = await enrol('ada', first, { name: 'On my key ring' });
  });

  test('is asked for the key first, and signs in with it', async () => {
    const { body } = await acme.open('ada');
    expect(body.methods.map(({ method }: { method: string }) => method)).toEqual([
      'webauthn',
      'totp',
      'recovery-code',
    ]);
    expect(body.preferred).toMatchObject({ method: 'webauthn', name: 'On my key ring' });
    const options = await optionsOf(body.challengeId as string);
    expect(options).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: first.id }] });
    const passed = await answer(body.challengeId as string, first.get(options));
    expect(passed.status).toBe(200);
    expect(claimsOf(passed)).toMatchObject({
      amr: ['pwd', 'hwk', 'user', 'mfa'],
      acr: 'urn:sparekey:acr:2pr',
    });
  });

  test('has a second one, which excludes the first; either answers, and tells by itself which it is', async () => {
    const second = keyOf({ isSynced: true, counts: false, aaguid: 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4' });
    const { factorId: other, options } = await begin('ada');
    expect(options.excludeCredentials).toMatchObject([{ id: first.id }]);
    expect((await confirm('ada', other, second.create(options))).status).toBe(200);
    const { factors } = await security('ada');
    expect(factors).toMatchObject([
      { type: 'totp' },
      { type: 'webauthn', name: 'On my key ring' },
      { type: 'webauthn', name: 'Google Password Manager' },
    ]);
    const passed = await signIn('ada', second);
    expect(claimsOf(passed)).toMatchObject({ amr: ['pwd', 'swk', 'user', 'mfa'] });
    expect((await signIn('ada', first)).status).toBe(200);
    const named = await acme.challenge('ada'); // pages name the one that they show, and the person takes the other
    const credential = second.get(await optionsOf(named));
    expect((await acme.answer(named, { method: 'webauthn', factorId, credential })).status).toBe(200);

    const path = `/users/ada/factors/${other}`;
    expect((await acme.service('PATCH', path, { name: 'Phone', default: true })).status).toBe(204);
    expect((await acme.open('ada')).body.preferred).toMatchObject({ factorId: other, name: 'Phone' });
    expect((await acme.service('DELETE', path)).status).toBe(204);
    expect(await signIn('ada', second)).toMatchObject(REFUSED);
    expect((await acme.open('ada')).body.preferred).toMatchObject({ factorId });
  });

  test('of fifty who send one assertion at once one passes', async () => {
    const challengeId = await acme.challenge('ada');
    const credential = first.get(await optionsOf(challengeId));
    const answers = await Promise.all(Array.from({ length: 50 }, () => answer(challengeId, credential)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await signIn('ada', first)).toMatchObject({ status: 200 });
  });

  test('is refused what was made for another challenge, another person, or before', async () => {
    await acme.enrol('bob', now);
    const bobs = keyOf();
    await enrol('bob', bobs);
    const [one, other] = [await acme.challenge('ada'), await acme.challenge('ada')];
    const credential = first.get(await optionsOf(other));
    const own = await optionsOf(one);
    expect(await answer(one, credential)).toMatchObject(REFUSED);
    expect(await answer(one, bobs.get(own))).toMatchObject(REFUSED);
    const late = first.get(own);
    await optionsOf(one); // asked anew: what was asked for before is void
    expect(await answer(one, late)).toMatchObject(REFUSED);
    expect((await answer(other, credential)).status).toBe(200);
    expect((await answer(other, credential)).body.code).toBe('challenge-closed');
  });

  test('is told where there may be a copy of a key, which is refused', async () => {
    const { counter } = first;
    expect(await signIn('ada', first, { counter: 1 })).toMatchObject(REFUSED);
    first.counter = counter;
    expect((await signIn('ada', first)).status).toBe(200);
    await world.sent();
    const { body } = await acme.operator('GET', '/audit?action=factor.clone-suspected');
    expect(body.items).toMatchObject([{ factor: { name: 'On my key ring', type: 'webauthn' } }]);
    expect(await toldOf('ada', body.items[0].id)).toBe(true);
  });

  test('is never closed out: ten thousand wrong codes wait, the key does not', async () => {
    const { secret } = await acme.enrol('carol', now);
    const key = keyOf();
    await enrol('carol', key);
    const codes: number[] = [];
    const guess = async (id: string) => {
      const body = { method: 'totp', code: wrongCode(secret, now()) };
      codes.push((await acme.answer(id, body)).status);
    };
    for (let n = 0; n < 10; n++) await guess(await acme.challenge('carol'));
    const [id, other] = [await acme.challenge('carol'), await acme.challenge('carol')];
    const lane = async (one: string) => {
      while (codes.length < 10_000) await guess(one);
    };
    await Promise.all(Array.from({ length: 64 }, (_, n) => lane(n % 2 === 0 ? id : other)));
    expect(
      Object.entries(Object.groupBy(codes, String)).map(([status, all]) => [status, all!.length]),
    ).toEqual([
      ['403', 10],
      ['423', codes.length - 10],
    ]);
    expect((await acme.open('carol')).body.preferred).toMatchObject({ method: 'webauthn' });
    expect((await signIn('carol', key)).status).toBe(200);
  }, 180_000);
});

describe('a credential', () => {
  test('is held once in all: of two who enrol it at the same time, one has it', async () => {
    const key = keyOf();
    await Promise.all(['dave', 'erin'].map((user) => acme.enrol(user, now)));
    const begun = await Promise.all(['dave', 'erin'].map((user) => begin(user)));
    const confirmed = await Promise.all(
      begun.map(({ factorId, options }, n) => confirm(['dave', 'erin'][n]!, factorId, key.create(options))),
    );
    expect(confirmed.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const { factorId, options } = await begin('bob');
    expect(await confirm('bob', factorId, key.create(options))).toMatchObject({ status: 409 });
  });

  test('keeps what it is: one that becomes syncable is another; that it is backed up may change', async () => {
    await acme.enrol('frank', now);
    const [bound, synced] = [keyOf(), keyOf({ isSynced: true })];
    await enrol('frank', bound);
    await enrol('frank', synced);
    expect(await signIn('frank', bound, { flags: FLAG.UP | FLAG.UV | FLAG.BE })).toMatchObject(REFUSED);
    expect(await signIn('frank', synced, { flags: FLAG.UP | FLAG.UV })).toMatchObject(REFUSED);
    expect((await signIn('frank', synced, { flags: FLAG.UP | FLAG.UV | FLAG.BE })).status).toBe(200);
    expect((await signIn('frank', synced)).status).toBe(200);
  });

  test('is no answer where it is not of its form, and costs no try', async () => {
    const challengeId = await acme.challenge('ada');
    await optionsOf(challengeId);
    for (const credential of [{}, 'text', null, { id: 'x', rawId: 'x', type: 'public-key', response: {} }])
      expect((await answer(challengeId, credential as object)).status).toBe(400);
    const { body } = await acme.api('GET', `/v1/challenges/${challengeId}`);
    expect(body.attemptsLeft).toBe(5);
  });
});

describe('a policy', () => {
  afterEach(() =>
    putPolicy({
      enabled: true,
      usableIfEnrolled: true,
      userVerification: 'preferred',
      allowedAuthenticators: [],
      deniedAuthenticators: [],
      rpId: '',
      origins: [],
    }),
  );
  const DENIED = '6d44ba9b-f6ec-2e49-b930-0c8fe920cb73';

  test('closes the kind: to new keys, and to those that are there', async () => {
    await acme.enrol('grace', now);
    const key = keyOf();
    await enrol('grace', key);
    await putPolicy({ enabled: false });
    expect((await acme.service('POST', '/users/grace/factors', { type: 'webauthn' })).body.code).toBe(
      'policy-refused',
    );
    expect((await security('grace')).enrollable).toEqual(['totp']);
    expect((await signIn('grace', key)).status).toBe(200);
    await putPolicy({ enabled: false, usableIfEnrolled: false });
    const { body } = await acme.open('grace');
    expect(body.methods.map(({ method }: { method: string }) => method)).toEqual(['totp', 'recovery-code']);
  });

  test('requires that the key verifies its user', async () => {
    await acme.enrol('heidi', now);
    const [plain, verifying] = [keyOf({ verifiesUser: false }), keyOf()];
    await enrol('heidi', plain);
    await enrol('heidi', verifying);
    expect(claimsOf(await signIn('heidi', plain))).toMatchObject({ amr: ['pwd', 'hwk', 'mfa'] });
    await putPolicy({ userVerification: 'required' });
    expect(await signIn('heidi', plain)).toMatchObject(REFUSED);
    expect((await signIn('heidi', verifying)).status).toBe(200);
    const { factorId, options } = await begin('heidi');
    expect(await confirm('heidi', factorId, keyOf({ verifiesUser: false }).create(options))).toMatchObject(
      REFUSED,
    );
  });

  test('denies a model: to new keys, and to those that are there', async () => {
    const ivan = await acme.enrol('ivan', now);
    const key = keyOf({ aaguid: DENIED });
    await enrol('ivan', key);
    await putPolicy({ deniedAuthenticators: [DENIED] });
    const { factorId, options } = await begin('ivan');
    expect(await confirm('ivan', factorId, keyOf({ aaguid: DENIED }).create(options))).toMatchObject(REFUSED);
    const { body } = await acme.open('ivan');
    expect(body.methods.map(({ method }: { method: string }) => method)).toEqual(['totp', 'recovery-code']);
    expect(await acme.service('DELETE', `/users/ivan/factors/${ivan.factorId}`)).toMatchObject({
      status: 422,
      body: { code: 'policy-refused' },
    }); // the key would not get them in
  });

  test('has pages elsewhere for the operator alone, and under its own name alone', async () => {
    expect((await putPolicy({ rpId: 'acme.example', origins: ['https://www.acme.example'] })).status).toBe(
      200,
    );
    await acme.enrol('judy', now);
    const { options } = await begin('judy');
    expect(options.rp.id).toBe('acme.example');
    expect(
      await putPolicy({ rpId: 'acme.example', origins: ['https://acme.example.evil.example'] }),
    ).toMatchObject({
      status: 400,
      body: { code: 'validation-failed' },
    });
    expect((await putPolicy({ rpId: 'com', origins: [] })).status).toBe(400);
    for (const origin of ['https://a.acme.example:99999', 'https://acme.example:443', 'https://1.2.3.999'])
      expect((await putPolicy({ rpId: 'acme.example', origins: [origin] })).status).toBe(400);
    const issued = await acme.operator('POST', '/api-tokens', { name: 'x', role: 'administrator' });
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const webauthn = { ...policy.factors.webauthn, rpId: 'evil.example', origins: [] };
    const sent = await acme.api('PUT', '/v1/domains/acme/policy', {
      token: issued.body.token as string,
      headers: { 'if-match': String(headers.etag) },
      body: { ...policy, factors: { ...policy.factors, webauthn } },
    });
    expect(sent).toMatchObject({ status: 403, body: { code: 'ownership-not-proven' } });
  });
});

describe('a passkey that signs in alone', () => {
  const passkey = keyOf({ isSynced: true, counts: false });
  const path = (name: string) => `/v1/identity/domains/acme/${name}`;
  const begin = async () => {
    const { status, body } = await acme.api('POST', path('passkey-challenges'));
    expect(status).toBe(200);
    return body as { challengeId: string; options: Options };
  };
  const send = (challengeId: string, credential: object) =>
    acme.api('POST', path('passkey-sign-in'), { body: { method: 'webauthn', challengeId, credential } });

  beforeAll(async () => {
    await acme.enrol('nina', now);
    await acme.account('nina');
    await enrol('nina', passkey);
  });

  test('does so where the policy permits it, and nowhere else', async () => {
    expect((await acme.api('GET', '/v1/identity/domains/acme')).body.passkey).toBe(false);
    expect((await acme.api('POST', path('passkey-challenges'))).body.code).toBe('policy-refused');
    await putPolicy({ passkeySignIn: true });
    expect((await acme.api('GET', '/v1/identity/domains/acme')).body.passkey).toBe(true);
    const { challengeId, options } = await begin();
    expect(options).toMatchObject({ allowCredentials: [], userVerification: 'required', rpId: 'localhost' });
    const { status, body } = await send(challengeId, passkey.get(options));
    expect(status).toBe(200);
    const session = await acme.api('GET', '/v1/identity/sessions/current', { token: body.token });
    expect(session.body).toMatchObject({ userId: 'nina', scope: 'full', secondStep: true });
    await world.settle();
    const { body: audit } = await acme.operator('GET', '/audit?user=nina&action=session.started');
    expect(audit.items[0].detail).toMatchObject({ amr: ['swk', 'user'], acr: 'urn:sparekey:acr:2pr' });
  });

  test('once for each challenge, whoever races', async () => {
    const { challengeId, options } = await begin();
    const credential = passkey.get(options);
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(challengeId, credential)));
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1);
    const others = sent.filter(({ status }) => status !== 200).map(({ body }) => body.code as string);
    expect(new Set(others)).toEqual(new Set(['challenge-closed']));
  });

  test('once, however many challenges of the person come after it', async () => {
    const { challengeId, options } = await begin();
    const credential = passkey.get(options);
    expect((await send(challengeId, credential)).status).toBe(200);
    for (let n = 0; n < 110; n += 10)
      await Promise.all(Array.from({ length: 10 }, () => acme.challenge('nina')));
    expect((await send(challengeId, credential)).body.code).toBe('challenge-closed');
  }, 60_000);

  test('in no domain that is not there, or does without, told apart by nobody', async () => {
    await Tenant.create(acme.api, world.operatorToken, 'without');
    for (const domain of ['without', 'nowhere'])
      expect(await acme.api('POST', `/v1/identity/domains/${domain}/passkey-challenges`)).toMatchObject({
        status: 422,
        body: { code: 'policy-refused' },
      });
  });

  test('and is refused without its user verified, without its handle, for another, late, and once removed', async () => {
    const flags = FLAG.UP | FLAG.BE | FLAG.BS;
    const unknown = keyOf({ isSynced: true, counts: false });
    const bobs = keyOf({ isSynced: true, counts: false });
    await enrol('bob', bobs);
    for (const wishes of [{ flags }, { userHandle: null }, { origin: 'https://evil.example' }]) {
      const { challengeId, options } = await begin();
      expect(await send(challengeId, passkey.get(options, wishes))).toMatchObject(REFUSED);
    }
    for (const forge of [
      (options: Options) => bobs.get(options, { id: passkey.id }),
      (options: Options) => passkey.get(options, { id: bobs.id }),
    ]) {
      const { challengeId, options } = await begin();
      expect(await send(challengeId, forge(options))).toMatchObject(REFUSED);
    }
    const NOT_KNOWN = { status: 409, body: { code: 'not-enrolled' } };
    const { challengeId, options } = await begin();
    expect(await send(challengeId, unknown.get(options, { userHandle: null }))).toMatchObject(NOT_KNOWN);
    expect(await send('skw_1.x', passkey.get(options))).toMatchObject({ status: 404 });
    const credential = passkey.get(options);
    world.clock.advance(301);
    expect(await send(challengeId, credential)).toMatchObject({ status: 410 });
    const second = keyOf({ isSynced: true, counts: false });
    const factorId = await enrol('nina', second);
    const before = await begin();
    expect((await acme.service('DELETE', `/users/nina/factors/${factorId}`)).status).toBe(204);
    expect(await send(before.challengeId, second.get(before.options))).toMatchObject(NOT_KNOWN);
    const { body } = await acme.service('GET', '/users/nina/webauthn-credentials');
    expect(body).toMatchObject({
      rpId: 'localhost',
      allAcceptedCredentialIds: [passkey.id],
      name: 'nina@acme.example',
    });
  });

  test('for services with pages of their own too', async () => {
    const { body } = await acme.service('POST', '/passkey-challenges');
    const answered = await acme.api('POST', `/v1/passkey-challenges/${String(body.challengeId)}/answers`, {
      body: { method: 'webauthn', credential: passkey.get(body.options as Options) },
    });
    expect(claimsOf(answered)).toMatchObject({
      sub: 'nina',
      amr: ['swk', 'user'],
      acr: 'urn:sparekey:acr:2pr',
    });
  });
});

test('a stolen session adds no key without a fresh proof, and the owner is told of every key', async () => {
  const { secret } = await acme.enrol('mallory', now);
  const account = await acme.account('mallory');
  const path = `/v1/domains/acme/users/mallory/factors`;
  world.clock.advance(30);
  const token = await acme.fullSession(account, () => ({ method: 'totp', code: totpCode(secret, now()) }));
  world.clock.advance(16 * 60);
  const stolen = await acme.api('POST', path, { token, body: { type: 'webauthn' } });
  expect(stolen).toMatchObject({ status: 401, body: { code: 'step-up-required' } });
  await enrol('mallory', keyOf({ aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a' }));
  await world.sent();
  const { body } = await acme.operator('GET', '/audit?user=mallory&action=factor.confirmed');
  const [added] = body.items;
  expect(added).toMatchObject({ factor: { name: 'YubiKey 5 NFC', type: 'webauthn' } });
  expect(await toldOf('mallory', added.id)).toBe(true);
});
