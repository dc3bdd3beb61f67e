import './made-up/register.ts';
import { fileURLToPath } from 'node:url';
import { HttpSmsSender } from '@sparekey/sms-http';
import {
  holdTo,
  newPlace,
  SmsProvider,
  Tenant,
  totpCode,
  World,
  type Person,
  type Place,
} from '@sparekey/testing';

/*
 * Kinds of factor that no release has, each a folder and a line of the registry: everything else learns of them by itself.
 */
const REGISTER = fileURLToPath(new URL('./made-up/register.ts', import.meta.url));
const phones = new SmsProvider();
let world: Place;
const now = () => world.clock.now();
let acme: Tenant;
let ada: Person;

interface Key {
  readonly id: string;
  readonly key: string;
  readonly factorId: string;
}

beforeAll(async () => {
  await phones.start();
  world = newPlace({ NODE_OPTIONS: `--import=${REGISTER}`, SPAREKEY_SMS_URL: phones.url });
  if (world instanceof World) world.senders = [new HttpSmsSender({ url: phones.url })];
  const { api } = await world.start();
  holdTo((await api('GET', '/openapi.json')).body);
  acme = await Tenant.create(api, world.operatorToken);
  ada = await acme.enrol('ada', now);
}, 180_000);
afterAll(async () => {
  await world.close();
  await phones.stop();
});

const add = (user: string, body: object) => acme.service('POST', `/users/${user}/factors`, body);
const confirm = (user: string, factorId: string, body: object) =>
  acme.service('POST', `/users/${user}/factors/${factorId}/confirm`, body);

async function addKey(user: string, id: string): Promise<Key> {
  const added = await add(user, { type: 'made-up-key', name: 'On my key ring' });
  expect(added.status).toBe(201);
  const { factorId, creationOptions } = added.body;
  const { challenge } = creationOptions as { challenge: string };
  const credential = { id, key: `secret of ${id}`, challenge };
  expect(
    (await confirm(user, factorId, { credential: { ...credential, challenge: 'another' } })).body.code,
  ).toBe('code-rejected');
  expect((await confirm(user, factorId, { code: '123456' })).body.code).toBe('validation-failed');
  expect((await confirm(user, factorId, { credential })).status).toBe(200);
  return { id, key: credential.key, factorId };
}

const optionsOf = async (challengeId: string) =>
  (await acme.api('POST', `/v1/challenges/${challengeId}/made-up-key-options`)).body as {
    challenge: string;
    allow: string[];
  };
const answerOf = ({ id, key }: Key, challenge: string, counter: number) => ({
  method: 'made-up-key',
  credential: { id, key, challenge, counter },
});

describe('a kind with a ceremony', () => {
  let key: Key;
  beforeAll(async () => {
    key = await addKey('ada', 'key-1');
  });

  test('is offered first, and passes with what the challenge asked for', async () => {
    const { body } = await acme.open('ada');
    const methods = body.methods as { method: string; name?: string }[];
    expect(methods.map(({ method }) => method)).toEqual(['made-up-key', 'totp', 'recovery-code']);
    expect(methods[0]).toMatchObject({ name: 'On my key ring' });
    expect(body.preferred).toMatchObject({ method: 'made-up-key' }); // the strongest of what is at hand
    const { challenge, allow } = await optionsOf(body.challengeId as string);
    expect(allow).toEqual(['key-1']);
    const { status, body: passed } = await acme.answer(
      body.challengeId as string,
      answerOf(key, challenge, 1),
    );
    expect(status).toBe(200);
    const claims = JSON.parse(
      Buffer.from((passed.result as string).split('.')[1]!, 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({ amr: ['pwd', 'hwk', 'mfa'], acr: 'urn:sparekey:acr:2' });
  });

  test.each([
    ['what another challenge asked for', 'another', 5, 403],
    ['a counter that was there before', 'own', 1, 403],
    ['a counter that confirming it used up', 'own', 0, 403],
    ['an answer that is none of its kind', 'malformed', 5, 400],
  ])('is refused with %s', async (_, which, counter, status) => {
    const [id, other] = [await acme.challenge('ada'), await acme.challenge('ada')];
    const own = await optionsOf(id);
    const foreign = await optionsOf(other);
    const answer = answerOf(key, which === 'another' ? foreign.challenge : own.challenge, counter);
    const sent = which === 'malformed' ? { method: 'made-up-key', code: '123456' } : answer;
    expect((await acme.answer(id, sent)).status).toBe(status);
  });

  test('asked anew, the former options are void', async () => {
    const id = await acme.challenge('ada');
    const [first, second] = [await optionsOf(id), await optionsOf(id)];
    expect((await acme.answer(id, answerOf(key, first.challenge, 20))).status).toBe(403);
    expect((await acme.answer(id, answerOf(key, second.challenge, 21))).status).toBe(200);
  });

  test('asks twenty times in one challenge, and no more', async () => {
    const id = await acme.challenge('ada');
    for (let n = 0; n < 20; n++) await optionsOf(id);
    const path = `/v1/challenges/${id}/made-up-key-options`;
    expect((await acme.api('POST', path)).body.code).toBe('challenge-closed');
  });

  test('of fifty answers with one counter one passes', async () => {
    const id = await acme.challenge('ada');
    const { challenge } = await optionsOf(id);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => acme.answer(id, answerOf(key, challenge, 50))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('is held by one person, whoever else enrols the same', async () => {
    await acme.enrol('eve', now);
    const added = await add('eve', { type: 'made-up-key' });
    const { factorId, creationOptions } = added.body;
    const { challenge } = creationOptions as { challenge: string };
    const credential = { id: 'key-1', key: 'of eve', challenge };
    expect((await confirm('eve', factorId, { credential })).body.code).toBe('already-exists');
  });

  test('of two who enrol one at once, one has it', async () => {
    const users = ['grace', 'heidi'];
    for (const user of users) await acme.enrol(user, now);
    const pending = await Promise.all(users.map((user) => add(user, { type: 'made-up-key' })));
    const confirmed = await Promise.all(
      pending.map(({ body }, n) => {
        const { challenge } = body.creationOptions as { challenge: string };
        const credential = { id: 'key-of-two', key: users[n], challenge };
        return confirm(users[n]!, body.factorId as string, { credential });
      }),
    );
    expect(confirmed.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('gets in while codes wait, on a challenge of before too, and its failures start no wait', async () => {
    const before = await acme.challenge('ada');
    for (let n = 0; n < 10; n++) {
      const id = n % 5 === 0 ? await acme.challenge('ada') : undefined;
      open.id = id ?? open.id;
      await acme.answer(open.id, { method: 'totp', code: '000000' });
    }
    const waiting = await acme.challenge('ada');
    const code = totpCode(ada.secret, now());
    expect((await acme.answer(waiting, { method: 'totp', code })).body.code).toBe('locked');
    const lockedUntil = async () => {
      const { methods } = (await acme.open('ada')).body as {
        methods: { method: string; lockedUntil?: string }[];
      };
      return methods.find(({ method }) => method === 'totp')!.lockedUntil;
    };
    const until = await lockedUntil();
    expect(until).toBeDefined();
    await acme.answer(await acme.challenge('ada'), answerOf(key, 'never asked for', 99));
    expect(await lockedUntil()).toBe(until);
    const { challenge } = await optionsOf(before);
    expect((await acme.answer(before, answerOf(key, challenge, 100))).status).toBe(200);
    for (let n = 0; n < 12; n++) {
      const id = await acme.challenge('ada');
      await acme.answer(id, answerOf(key, 'never asked for', 200 + n));
    }
    world.clock.advance(30);
    const free = await acme.challenge('ada');
    const right = { method: 'totp', code: totpCode(ada.secret, now()) };
    expect((await acme.answer(free, right)).status).toBe(200);
  });
  const open = { id: '' };

  test('is refused where the policy switches it off', async () => {
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const factors = policy.factors as Record<string, object>;
    expect(factors['made-up-key']).toEqual({ enabled: true, usableIfEnrolled: true, patience: 60_000 });
    const off = { ...factors, 'made-up-key': { enabled: false, usableIfEnrolled: false, patience: 60_000 } };
    const put = (one: object, etag: string) =>
      acme.operator('PUT', '/policy', { ...policy, factors: one }, { 'if-match': etag });
    const changed = await put(off, headers.etag as string);
    expect(changed.status).toBe(200);
    const { body } = await acme.open('ada');
    expect((body.methods as { method: string }[]).map(({ method }) => method)).toEqual([
      'totp',
      'recovery-code',
    ]);
    expect((await add('ada', { type: 'made-up-key' })).body.code).toBe('policy-refused');
    expect((await put(factors, changed.headers.etag as string)).status).toBe(200);
  });
});

describe('a kind that counts for recovery alone', () => {
  const answers = ['Utrecht', 'Flip', 'blue'];
  let factorId: string;

  test('is enrolled, and no second factor', async () => {
    expect((await add('ada', { type: 'made-up-questions', answers: ['one'] })).body.code).toBe(
      'validation-failed',
    );
    const added = await add('ada', { type: 'made-up-questions', answers });
    expect(added.status).toBe(201);
    factorId = added.body.factorId as string;
    expect((await confirm('ada', factorId, { answers: ['Utrecht', 'Flip', 'red'] })).body.code).toBe(
      'code-rejected',
    );
    expect((await confirm('ada', factorId, { answers })).status).toBe(200);
    const { body } = await acme.open('ada');
    expect(JSON.stringify(body.methods)).not.toContain('made-up-questions');
    const id = body.challengeId as string;
    expect((await acme.answer(id, { method: 'made-up-questions', answers })).status).toBe(403);
  });

  test('is all that a recovery asks for', async () => {
    const opened = await acme.open('ada', { purpose: 'account-recovery' });
    expect(opened.status).toBe(201);
    expect(opened.body.methods).toMatchObject([{ method: 'made-up-questions', factorId }]);
    const id = opened.body.challengeId as string;
    const totp = { method: 'totp', code: totpCode(ada.secret, now()) };
    expect((await acme.answer(id, totp)).status).toBe(403);
    const { status, body } = await acme.answer(id, { method: 'made-up-questions', answers });
    expect(status).toBe(200);
    const claims = JSON.parse(
      Buffer.from((body.result as string).split('.')[1]!, 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({
      purpose: 'account-recovery',
      acr: 'urn:sparekey:acr:code',
      amr: ['pwd', 'kba', 'mfa'],
    });
  });

  test('is refused to who has none', async () => {
    expect((await acme.open('eve', { purpose: 'account-recovery' })).body.code).toBe('policy-refused');
  });
});

describe('a kind whose codes Sparekey makes and delivers', () => {
  const numbers = { private: '+31612345601', work: '+31612345602' };
  let [own, work] = ['', ''];
  const codesTo = async (to: string) => {
    await world.sent();
    return phones.taken.filter((one) => one.to === to).map(({ text }) => /^\d{6}/.exec(text)![0]);
  };
  const deliver = (id: string, factorId: string) =>
    acme.api('POST', `/v1/challenges/${id}/deliveries`, { body: { factorId } });
  const typed = (code: string, factorId?: string) => ({
    method: 'made-up-text',
    code,
    ...(factorId !== undefined && { factorId }),
  });
  const enrolNumber = async (number: string) => {
    const added = await add('ada', { type: 'made-up-text', phone: number });
    expect(added).toMatchObject({ status: 201, body: { sentTo: `… ${number.slice(-2)}` } });
    return added.body.factorId as string;
  };

  test('is confirmed by the code that arrives, and by no other', async () => {
    for (const number of Object.values(numbers)) {
      const factorId = await enrolNumber(number);
      const [code] = await codesTo(number);
      const wrong = code === '000000' ? '000001' : '000000';
      expect((await confirm('ada', factorId, { code: wrong })).body.code).toBe('code-rejected');
      expect((await confirm('ada', factorId, { code })).status).toBe(200);
      if (number === numbers.private) own = factorId;
      else work = factorId;
    }
  });

  test('dies unconfirmed with its code', async () => {
    const factorId = await enrolNumber('+31612345603');
    const [code] = await codesTo('+31612345603');
    world.clock.advance(301);
    expect((await confirm('ada', factorId, { code })).status).toBe(404);
  });

  test('delivers when it is asked to; three deliveries leave one code that counts, and that passes once', async () => {
    const id = await acme.challenge('ada');
    const before = (await codesTo(numbers.private)).length;
    for (let n = 0; n < 3; n++) {
      expect(await deliver(id, own)).toMatchObject({ status: 202, body: { sentTo: '… 01' } });
    }
    const codes = (await codesTo(numbers.private)).slice(before);
    expect(codes).toHaveLength(3);
    expect((await acme.answer(id, typed(codes[0]!))).body.code).toBe('code-rejected');
    expect((await acme.answer(id, typed(codes[1]!, own))).body.code).toBe('code-rejected');
    expect((await acme.answer(id, typed(codes[2]!, work))).body.code).toBe('code-rejected');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => acme.answer(id, typed(codes[2]!, own))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('takes a code for five minutes and in its own challenge', async () => {
    const { body: policy, headers } = await acme.operator('GET', '/policy');
    const longer = { ...policy, challenge: { attempts: 5, seconds: 600 } };
    const changed = await acme.operator('PUT', '/policy', longer, { 'if-match': headers.etag as string });
    expect(changed.status).toBe(200);
    const [id, other] = [await acme.challenge('ada'), await acme.challenge('ada')];
    await deliver(id, work);
    const code = (await codesTo(numbers.work)).at(-1)!;
    expect((await acme.answer(other, typed(code))).body.code).toBe('code-rejected');
    world.clock.advance(300);
    expect((await acme.answer(id, typed(code))).body.code).toBe('code-rejected');
    await deliver(id, work);
    const another = (await codesTo(numbers.work)).at(-1)!;
    world.clock.advance(290);
    expect((await acme.answer(id, typed(another))).status).toBe(200);
  });

  test('delivers three times in a challenge and five an hour, to its owner’s factors alone, and not as options', async () => {
    world.clock.advance(3_600);
    const id = await acme.challenge('ada');
    for (let n = 0; n < 3; n++) expect((await deliver(id, own)).status).toBe(202);
    expect((await deliver(id, work)).body.code).toBe('challenge-closed');
    const next = await acme.challenge('ada');
    for (let n = 0; n < 2; n++) expect((await deliver(next, own)).status).toBe(202);
    const { body } = await deliver(next, own);
    expect(body).toMatchObject({ code: 'too-many-requests', retryAfter: expect.any(Number) });
    expect(body.retryAfter).toBeGreaterThan(3_000);
    for (const factorId of [ada.factorId, '00000000-0000-4000-8000-000000000000'])
      expect((await deliver(await acme.challenge('ada'), factorId)).body.code).toBe('not-enrolled');
    const options = `/v1/challenges/${await acme.challenge('ada')}/made-up-text-options`;
    expect((await acme.api('POST', options)).status).toBe(404);
  });

  test('delivers ten a day to a person, and never for longer than the challenge is open', async () => {
    const id = await acme.challenge('ada');
    expect((await deliver(id, work)).body.code).toBe('too-many-requests');
    world.clock.advance(86_400);
    const late = await acme.challenge('ada');
    world.clock.advance(500); // of six hundred seconds
    await deliver(late, work);
    await world.sent();
    expect(phones.taken.at(-1)!.text).toMatch(/works for a minute/);
  });

  test('sends nothing after its time', async () => {
    const id = await acme.challenge('ada');
    const before = (await codesTo(numbers.work)).length;
    phones.mood('not-now');
    const { requests } = phones;
    await deliver(id, work);
    while (phones.requests === requests) await new Promise((resolve) => setTimeout(resolve, 10));
    world.clock.advance(301);
    phones.mood('takes');
    expect((await codesTo(numbers.work)).length).toBe(before);
  });

  test('stands in the log, without its codes', async () => {
    await world.settle();
    const { body } = await acme.operator('GET', '/audit?user=ada&action=code.delivery-requested&limit=200');
    const items = body.items as object[];
    expect(items[0]).toMatchObject({ factor: { factorId: work, type: 'made-up-text' } });
    const text = JSON.stringify(items);
    for (const code of await codesTo(numbers.private)) expect(text).not.toContain(`"${code}"`);
    expect(text).not.toContain('+316');
  });
});

test('a recovery code is taken by its own, whatever factor is named beside it', async () => {
  const code = { method: 'recovery-code', factorId: ada.factorId, code: ada.codes[3] };
  expect((await acme.answer(await acme.challenge('ada'), code)).status).toBe(200);
});

test('the log, the API and the policy know them', async () => {
  await world.settle();
  const { body } = await acme.operator('GET', '/audit?user=ada&limit=200');
  const items = body.items as { action: string; method?: string; factor?: { name?: string } }[];
  expect(items).toContainEqual(
    expect.objectContaining({
      action: 'code.used',
      method: 'made-up-key',
      factor: expect.objectContaining({ name: 'On my key ring', type: 'made-up-key' }),
    }),
  );
  const { body: document } = await acme.api('GET', '/openapi.json');
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  for (const name of ['AddFactorBody', 'AnswerBody', 'Policy'])
    for (const type of ['made-up-key', 'made-up-questions', 'made-up-text'])
      expect([name, JSON.stringify(schemas[name]).includes(type)]).toEqual([name, true]);
  const { body: security } = await acme.service('GET', '/users/ada/security');
  expect(security.factors).toMatchObject([
    { type: 'totp', default: false },
    { type: 'made-up-key', name: 'On my key ring', default: true },
    { type: 'made-up-questions' },
    { type: 'made-up-text' },
    { type: 'made-up-text' },
  ]);
});
