import { generateKeyPairSync } from 'node:crypto';
import { signSignInEvent, type EventSigningKey, type SignInEvent } from '@sparekey/client';
import { Tenant, totpCode, World, type InProcess, type Person } from '@sparekey/testing';
import { SignInListener } from '@sparekey/verification';

let world: World;
let app: InProcess;
let acme: Tenant;
let ada: Person;
let places = 0;
let signIns = 0;

const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const privateJwk = newKey();
const key: EventSigningKey = { domain: 'acme', service: 'payroll', kid: 'k1', privateJwk };
const returnUrl = 'https://payroll.acme.example/back';

beforeAll(async () => {
  const { d: _, ...publicJwk } = privateJwk;
  world = new World();
  app = await world.start();
  const eventKeys = [
    { ...publicJwk, kid: 'k1', alg: 'EdDSA', use: 'sig', key_ops: ['verify'], ext: true, x5t: 'x' },
  ]; // as libraries export it
  acme = await Tenant.create(app.api, world.operatorToken, 'acme', { eventKeys, returnUrls: [returnUrl] });
  ada = await acme.enrol('ada', () => world.clock.now());
  world.clock.advance(60);
  await acme.service('PUT', '/users/bob', {});
});
afterAll(() => world.close());

type Attributes = Record<string, string>;
type Inbound = Parameters<SignInListener['hear']>[0];

/** A message as it comes from the topic. */
async function message(
  event: SignInEvent,
  change: (attributes: Record<string, string>) => void = () => undefined,
  signedBy = key,
  time = world.clock.now(),
): Promise<Inbound> {
  const { headers, value } = await signSignInEvent(signedBy, event, new Date(time));
  const attributes = Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) =>
      name.startsWith('ce_') ? [[name.slice(3), text]] : [],
    ),
  );
  change(attributes);
  return { attributes, value: Buffer.from(value), place: `sparekey.sign-ins.v1/0/${places++}` };
}

const started = (userId: string, more: object = {}): SignInEvent & { signInId: string } => ({
  kind: 'started',
  signInId: `sign-in-${++signIns}`,
  userId,
  ...more,
});
const hear = (said: Inbound) => app.app.get(SignInListener).hear(said);
const shown = async (signInId: string) => acme.service('GET', `/sign-ins/${signInId}`);
const log = async () => world.store.readAll(undefined, 10_000);
const refusals = async () =>
  (await log())
    .filter(({ type }) => type === 'SignInMessageRefused')
    .map(({ data }) => data as { reason: string });
const challenges = async () => (await log()).filter(({ type }) => type === 'ChallengeOpened').length;

describe('a sign-in that a service begins by event', () => {
  test('opens a challenge, which the service fetches and the person passes', async () => {
    const event = started('ada', {
      context: { ip: '192.0.2.7', userAgent: 'Zebra' },
      firstFactor: { amr: ['pwd'], authTime: 1_772_366_300 },
    });
    await hear(await message(event));
    const { status, body } = await shown(event.signInId);
    expect([status, body.decision]).toEqual([200, 'challenge']);
    const seen = await acme.api('GET', `/v1/challenges/${body.challengeId}`);
    expect(seen.body).toMatchObject({ state: 'open', context: { ip: '192.0.2.7' } });
    const passed = await acme.answer(body.challengeId as string, {
      method: 'totp',
      code: totpCode(ada.secret, world.clock.now()),
    });
    const [, claims = ''] = (passed.body.result as string).split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'ada',
      signInId: event.signInId,
      purpose: 'sign-in',
    });
  });

  test('is answered on a page of Sparekey’s where it names an address to go back to', async () => {
    const event = started('ada', { returnUrl, codeChallenge: 'x'.repeat(43) });
    await hear(await message(event));
    const { body } = await shown(event.signInId);
    expect(body.url).toBe(`http://localhost:4000/challenge#${body.challengeId}`);
  });

  test('says that somebody has to enrol first', async () => {
    const event = started('bob');
    await hear(await message(event));
    expect((await shown(event.signInId)).body).toMatchObject({ decision: 'enroll', skippable: true });
  });

  test('is shown to the service that began it, and to no other', async () => {
    const event = started('ada');
    await hear(await message(event));
    const other = await Tenant.create(app.api, world.operatorToken, 'other');
    expect((await other.service('GET', `/sign-ins/${event.signInId}`)).status).toBe(404);
    expect((await shown('never-begun')).status).toBe(404);
  });

  test('delivered twice from the same place it is one sign-in', async () => {
    const said = await message(started('ada'));
    await hear(said);
    const before = await challenges();
    await hear(said);
    expect(await challenges()).toBe(before);
  });

  test('how it ended is written down as the service says, once', async () => {
    const event = { kind: 'completed', signInId: 'done-1', userId: 'ada' } as const;
    const said = await message(event);
    await hear(said);
    await hear(said);
    await world.settle();
    const { body } = await acme.operator('GET', '/users/ada/audit?action=sign-in.reported');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ detail: { signInId: 'done-1', outcome: 'completed' } });
  });
});

describe('a message that must not count', () => {
  test.each([
    ['without a signature', 'unsigned', started('ada'), (a: Attributes): unknown => delete a.jws, key],
    [
      'with another time than was signed',
      'unsigned',
      started('ada'),
      (a: Attributes): unknown => (a.time = new Date().toISOString().replace('Z', '1Z')),
      key,
    ],
    [
      'with another type than was signed',
      'unsigned',
      started('ada'),
      (a: Attributes): unknown => (a.type = 'dev.sparekey.sign-in.failed.v1'),
      key,
    ],
    ['by a key of nobody', 'foreign', started('ada'), () => undefined, { ...key, kid: 'k2' }],
    [
      'by a service that is not registered',
      'foreign',
      started('ada'),
      () => undefined,
      { ...key, service: 'other' },
    ],
    [
      'by another key under this name',
      'unsigned',
      started('ada'),
      () => undefined,
      { ...key, privateJwk: newKey() },
    ],
    ['about nobody', 'unknown-user', started('nobody'), () => undefined, key],
    ['with a field too many', 'malformed', started('ada', { admin: true }), () => undefined, key],
    [
      'with an address that is not registered',
      'refused',
      started('ada', { returnUrl: 'https://evil.example', codeChallenge: 'x' }),
      () => undefined,
      key,
    ],
    [
      'of an unknown type',
      'malformed',
      started('ada'),
      (a: Attributes): unknown => (a.type = 'dev.sparekey.sign-in.wished.v1'),
      key,
    ],
  ] as const)('%s is refused as %s', async (_, reason, event, change, signedBy) => {
    const before = await challenges();
    const said = await message(event, change, signedBy);
    await expect(hear(said)).rejects.toMatchObject({ name: 'MessageRefused', reason, isFinal: true });
    expect(await challenges()).toBe(before);
  });

  test('that comes again from another place is refused as replayed', async () => {
    const said = await message(started('ada'));
    await hear(said);
    const before = await challenges();
    await expect(hear({ ...said, place: `sparekey.sign-ins.v1/0/${places++}` })).rejects.toMatchObject({
      reason: 'replayed',
    });
    expect(await challenges()).toBe(before);
  });

  test('whose value was changed is refused', async () => {
    const said = await message(started('ada'));
    const value = Buffer.from(Buffer.from(said.value).toString().replace('ada', 'bob'));
    await expect(hear({ ...said, value })).rejects.toMatchObject({ reason: 'unsigned' });
  });

  test('that was heard in time is heard again as long as it takes, and ties no text of others to the log', async () => {
    const said = started('ada');
    const inTime = await message(said);
    await hear(inTime);
    const before = (await log()).length;
    world.clock.advance(600);
    await hear(inTime);
    expect((await log()).length).toBe(before);
    const [opened] = (await log()).filter(({ type }) => type === 'ChallengeOpened').slice(-1);
    expect(opened!.correlationId).toMatch(/^[A-Za-z0-9._~-]{1,64}$/);
  });

  test('that is too old is refused, and stands in the audit log of its domain', async () => {
    const old = await message(started('ada'), undefined, undefined, world.clock.now() - 301_000);
    await expect(hear(old)).rejects.toMatchObject({ reason: 'stale' });
    expect((await refusals()).map(({ reason }) => reason)).toContain('stale');
    await world.settle();
    const { body } = await acme.operator('GET', '/audit?action=sign-in.message-refused');
    expect(body.items.map(({ detail }: { detail: { reason: string } }) => detail.reason)).toContain('stale');
  });
});
