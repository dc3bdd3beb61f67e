import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signSignInEvent, type EventSigningKey, type SignInMessage } from '@sparekey/client';
import { EVENT_CATALOGUE } from '@sparekey/contracts';
import type { Member } from '@sparekey/hosting/fleet';
import { connectKafka, Topics, type Kafka } from '@sparekey/kafka';
import { readTopics, ServiceProcesses, servicesHere, type TestServers } from '@sparekey/testing/services';
import { Tenant, totpCode } from '@sparekey/testing';
import { RACERS_AT_ONCE } from './scale.ts';

const here = servicesHere();
const isHere = typeof here !== 'string';
const suite = isHere ? describe : describe.skip;

suite(`three verification processes behind one address${isHere ? '' : ` (${here})`}`, () => {
  let services: ServiceProcesses;
  let acme: Tenant;
  const now = () => Date.now();

  beforeAll(async () => {
    services = await ServiceProcesses.start({
      ...(here as TestServers),
      replicas: { verification: 3 },
      connections: 256,
    });
    acme = await Tenant.create(services.api, services.operatorToken);
  }, 120_000);
  afterAll(() => services?.close(), 60_000);

  test.each(['recovery code', 'authenticator code'])(
    `of ${RACERS_AT_ONCE} who send one %s at once, one passes`,
    async (kind) => {
      const ada = await acme.enrolBefore(`ada-${kind.slice(0, 4)}`);
      const ids = await Promise.all(Array.from({ length: 20 }, () => acme.challenge(ada.userId)));
      const body =
        kind === 'recovery code'
          ? { method: 'recovery-code', code: ada.codes[4] }
          : { method: 'totp', code: totpCode(ada.secret, now()) };
      const answers = await Promise.all(
        Array.from({ length: RACERS_AT_ONCE }, (_, n) => acme.answer(ids[n % ids.length]!, body)),
      );
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      for (const status of statuses) expect([200, 403, 409, 423, 503]).toContain(status);
      const stood = await services.store.read(`verification-acme.${ada.userId}`, { limit: 5_000 });
      expect(stood.filter(({ type }) => type === 'ChallengePassed')).toHaveLength(1);
    },
    120_000,
  );

  test('a factor that was removed through one is refused by all of them at once', async () => {
    const bob = await acme.enrolBefore('bob');
    await acme.addTotp('bob', now); // so that something is left
    const ids = await Promise.all([0, 1, 2].map(() => acme.challenge('bob')));
    const processes = services.fleet
      .members('verification')
      .map(({ url }) => acme.through(services.apiAt(url)));
    expect(processes).toHaveLength(3);
    const code = totpCode(bob.secret, now());
    const removed = await acme.service('DELETE', `/users/bob/factors/${bob.factorId}`);
    expect(removed.status).toBe(204);
    const answers = await Promise.all(
      processes.map((one, n) => one.answer(ids[n]!, { method: 'totp', factorId: bob.factorId, code })),
    );
    for (const { status } of answers) expect(status).toBe(403);
  });
});

suite(`what each process tells of itself${isHere ? '' : ` (${here})`}`, () => {
  let services: ServiceProcesses;
  beforeAll(async () => {
    services = await ServiceProcesses.start(here as TestServers);
  }, 120_000);
  afterAll(() => services?.close(), 60_000);

  test('is how far the read models are that it keeps, and nothing of those of others', async () => {
    await Tenant.create(services.api, services.operatorToken);
    await services.settle();
    const told = async (member: Member) => {
      const { url } = services.fleet.members(member)[0]!;
      const { status, body } = await services.apiAt(url)('GET', '/health/ready');
      expect(status).toBe(200);
      return Object.keys(body.followers.projections);
    };
    expect(await told('audit')).toEqual(['audit']);
    expect(await told('enrollment')).toEqual(['directory']);
    for (const member of ['verification', 'recovery', 'notification', 'identity'] as const)
      expect(await told(member)).toEqual([]);
  });
});

suite(`what others write into topics${isHere ? '' : ` (${here})`}`, () => {
  let services: ServiceProcesses;
  let acme: Tenant;
  let kafka: Kafka;
  let topics: Topics;
  const { privateKey } = generateKeyPairSync('ed25519');
  const privateJwk = privateKey.export({ format: 'jwk' });
  const key: EventSigningKey = { domain: 'acme', service: 'payroll', kid: 'k1', privateJwk };
  const operator = () => ({ token: services.operatorToken });

  beforeAll(async () => {
    services = await ServiceProcesses.start(here as TestServers);
    const { d: _, ...publicJwk } = privateJwk;
    acme = await Tenant.create(services.api, services.operatorToken, 'acme', {
      eventKeys: [{ ...publicJwk, kid: 'k1' }],
    });
    await acme.enrol('ada', () => Date.now());
    topics = new Topics(services.namespace);
    const brokers = (here as TestServers).kafkaBrokers.split(',');
    kafka = connectKafka({ brokers, clientId: 'others', allowPlaintext: false, onLog: () => undefined });
  }, 120_000);
  afterAll(() => services?.close(), 60_000);

  const say = async (topic: string, messages: readonly object[]) => {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic, messages: messages as never });
    await producer.disconnect();
  };
  const saySignIn = ({ key, value, headers }: SignInMessage, change: Record<string, string> = {}) =>
    say(topics.signIns, [{ key, value, headers: { ...headers, ...change } }]);
  const started = (signInId: string) =>
    signSignInEvent(key, {
      kind: 'started',
      signInId,
      userId: 'ada',
      firstFactor: { amr: ['pwd'], authTime: 1 },
    });
  const parked = async () => {
    const { body } = await services.api('GET', '/v1/operator/parked', operator());
    return body.items as { room: string; eventId: string; type: string; cause: string; attempts: number }[];
  };
  const parkedWith = async (count: number) => {
    for (let tries = 0; tries < 200 && (await parked()).length < count; tries++) await sleep(50);
    return parked();
  };

  test('poison on every topic is parked with its reason, and the rest flows', async () => {
    const contexts = Object.keys(EVENT_CATALOGUE);
    for (const context of contexts) {
      await say(topics.context(context), [
        { key: 'acme.ada', value: 'no event at all' },
        {
          key: 'acme.ada',
          value: '{}',
          headers: {
            ce_specversion: '1.0',
            ce_id: '0a000000-0000-4000-8000-000000000001',
            ce_fact: 'NoticeRepudiated',
            ce_stream: 'notice-acme.ada.forged',
            ce_revision: '0',
          },
        },
      ]);
    }
    const heardBy = await services.api('GET', '/health/ready');
    expect(heardBy.status).toBe(200);
    const reasons = async () => new Set((await parked()).map(({ cause }) => /^\w+: (.+)/.exec(cause)?.[1]));
    const isNoEvent = 'is no CloudEvent 1.0 in binary mode';
    const isForged = 'the log holds no such event there';
    for (let tries = 0; tries < 200 && (await reasons()).size < 2; tries++) await sleep(50);
    expect(await reasons()).toEqual(new Set([isNoEvent, isForged]));
    const before = await services.store.countAfter(undefined);
    await acme.issueCodes('ada');
    await services.settle();
    const audit = await acme.operator('GET', '/users/ada/audit?action=recovery-codes.generated');
    expect(audit.body.items).toHaveLength(2);
    expect(await services.store.countAfter(undefined)).toBeGreaterThan(before);
    const notices = (await services.store.readAll(undefined, 10_000, [{ type: 'NoticeSent' }])).length;
    expect(notices).toBeGreaterThan(0);
  }, 60_000);

  test('nothing personal or secret stands on any topic, or in what the processes write', async () => {
    const eve = await acme.enrol('eve', () => Date.now());
    await acme.service('PUT', '/users/eve', {
      emails: ['zebra@acme.example'],
      displayName: 'Quagga',
      phone: '+31655500177',
    });
    const challengeId = await acme.challenge('eve');
    const answer = await acme.answer(challengeId, { method: 'recovery-code', code: eve.codes[3] });
    expect(answer.status).toBe(200);
    await services.settle();
    const contexts = Object.keys(EVENT_CATALOGUE).map((context) => topics.context(context));
    const said = await readTopics(kafka, [...contexts, topics.public('acme')], () => false);
    expect(said.some(({ headers }) => headers.ce_subject === 'eve')).toBe(true);
    const everything = JSON.stringify(said) + services.output.join('');
    const marks = [
      eve.secret,
      ...eve.codes,
      challengeId,
      answer.body.result as string,
      services.operatorToken,
      acme.token,
    ];
    for (const mark of [...marks, 'zebra@', 'eve@acme.example', 'Quagga', '55500177'])
      expect([mark, everything.includes(mark)]).toEqual([mark, false]);
  }, 90_000);

  test('sign-ins begin by signed events, and what was decided is said and can be fetched', async () => {
    await saySignIn(await started('by-event-1'));
    for (let tries = 0; tries < 100; tries++, await sleep(50))
      if ((await acme.service('GET', '/sign-ins/by-event-1')).body?.decision === 'challenge') break;
    const { body } = await acme.service('GET', '/sign-ins/by-event-1');
    expect(body.decision).toBe('challenge');
    const said = await readTopics(kafka, [topics.public('acme')], (heard) =>
      heard.some(
        ({ headers, value }) => headers.ce_type?.includes('challenge-opened') && value.includes('by-event-1'),
      ),
    );
    const opened = said.find(({ value }) => value.includes('by-event-1'))!;
    expect(opened.headers).toMatchObject({
      ce_type: 'dev.sparekey.verification.challenge-opened.v1',
      ce_source: '/domains/acme',
      ce_subject: 'ada',
    });
    expect(said.map(({ headers }) => headers).every((headers) => headers.ce_stream === undefined)).toBe(true);
  }, 60_000);

  test('unsigned, foreign and replayed events open no challenge: they are parked, listed and tried again', async () => {
    const openedBefore = (await services.store.readAll(undefined, 10_000, [{ type: 'ChallengeOpened' }]))
      .length;
    const before = (await parked()).length;
    const replayed = await started('by-event-2');
    await saySignIn(replayed);
    await saySignIn(replayed);
    await saySignIn(await started('by-event-3'), { ce_jws: '' });
    await saySignIn(
      await signSignInEvent(
        { ...key, service: 'nobody' },
        { kind: 'started', signInId: 'by-event-4', userId: 'ada' },
      ),
    );
    await say(topics.signIns, [{ key: 'x', value: 'no event at all' }]);
    const all = (await parkedWith(before + 4)).slice(before);
    const causes = all.map(({ room, cause }) => [room, /^\w+: ([\w-]+)/.exec(cause)?.[1]]);
    expect(causes.toSorted()).toEqual(
      [
        ['sign-ins', 'foreign'],
        ['sign-ins', 'is'],
        ['sign-ins', 'replayed'],
        ['sign-ins', 'unsigned'],
      ].toSorted(),
    );
    const openedAfter = (await services.store.readAll(undefined, 10_000, [{ type: 'ChallengeOpened' }]))
      .length;
    expect(openedAfter - openedBefore).toBe(1);
    const { room, eventId } = all.find(({ cause }) => cause.includes('foreign'))!;
    const path = `/v1/operator/parked/${room}/${eventId}`;
    expect((await services.api('GET', path, operator())).body).toMatchObject({ type: 'inbound-message' });
    expect((await services.api('POST', `${path}/retry`, operator())).body).toMatchObject({ state: 'parked' });
    await acme.operator('PUT', '/services/nobody', {
      displayName: 'No longer nobody',
      eventKeys: [{ kty: 'OKP', crv: 'Ed25519', x: privateJwk.x, kid: 'k1' }],
    });
    expect((await services.api('POST', `${path}/retry`, operator())).body).toMatchObject({
      state: 'handled',
    });
    expect((await services.api('GET', path, operator())).status).toBe(404);
  }, 90_000);
});
