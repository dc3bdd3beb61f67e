import { createVerifier } from '@sparekey/client';
import type { EventRecord, EventStore } from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import { FixedClock, Tenant, totpCode, World, type InProcess, type Person } from '@sparekey/testing';
import { EventStoreDbLog } from '@sparekey/testing/services';

/** A store whose appends of passes wait until they are let through. */
class PausingStore implements EventStore {
  reached!: () => void;
  release!: () => void;
  readonly paused = new Promise<void>((resolve) => (this.reached = resolve));
  readonly #released = new Promise<void>((resolve) => (this.release = resolve));

  constructor(
    private readonly inner: EventStore,
    /** The mutant: nothing has ever moved. */
    private readonly blind: boolean,
    private readonly pausesAt = 'ChallengePassed',
  ) {}

  async append(
    stream: string,
    expected: number | 'no-stream',
    events: readonly EventRecord[],
  ): Promise<number> {
    if (events.some(({ type }) => type === this.pausesAt)) {
      this.reached();
      await this.#released;
    }
    return this.inner.append(stream, expected, events);
  }

  async read(...args: Parameters<EventStore['read']>): ReturnType<EventStore['read']> {
    const isLook = args[1]?.limit === 1;
    return this.blind && isLook ? [] : this.inner.read(...args);
  }

  readAll(...args: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
    return this.inner.readAll(...args);
  }

  ping(): Promise<void> {
    return this.inner.ping();
  }

  newestTime(): ReturnType<EventStore['newestTime']> {
    return this.inner.newestTime();
  }

  end(): ReturnType<EventStore['end']> {
    return this.inner.end();
  }

  countAfter(...args: Parameters<EventStore['countAfter']>): ReturnType<EventStore['countAfter']> {
    return this.inner.countAfter(...args);
  }

  onAppended(...args: Parameters<EventStore['onAppended']>): ReturnType<EventStore['onAppended']> {
    return this.inner.onAppended(...args);
  }
}

describe.each(['SQLite', 'EventStoreDB'])('in %s', (inLog) => {
  let log: EventStoreDbLog | undefined;
  let world: World;
  let plain: InProcess;
  let acme: Tenant;
  let people = 0;

  beforeAll(async () => {
    log = inLog === 'EventStoreDB' ? await EventStoreDbLog.start() : undefined;
    world = new World(new FixedClock(), log);
    plain = await world.start();
    acme = await Tenant.create(plain.api, world.operatorToken);
  });
  afterAll(async () => {
    await world.close();
    await log?.close();
  });

  type TakeBack = (person: Person) => Promise<unknown>;

  const removeFactor: TakeBack = async ({ userId, factorId }) =>
    expect((await acme.service('DELETE', `/users/${userId}/factors/${factorId}`)).status).toBe(204);
  const disable: TakeBack = async ({ userId }) =>
    expect((await acme.service('POST', `/users/${userId}/two-step/disable`)).status).toBe(204);
  const newCodes: TakeBack = ({ userId }) => acme.issueCodes(userId);
  const rename: TakeBack = async ({ userId, factorId }) =>
    expect(
      (await acme.service('PATCH', `/users/${userId}/factors/${factorId}`, { name: 'Other' })).status,
    ).toBe(204);

  const removeService: TakeBack = async () =>
    expect((await acme.operator('DELETE', '/services/payroll')).status).toBe(204);

  /** Answers; between the decision and its append something is taken back elsewhere, and that is acknowledged. */
  async function race(method: 'totp' | 'recovery-code', takeBack: TakeBack, blind: boolean) {
    const ada = await acme.enrol(`person-${people++}`, () => world.clock.now());
    await acme.addTotp(ada.userId, () => world.clock.now());
    world.clock.advance(90);
    let store!: PausingStore;
    const paused = await world.start((ports: Ports) => ({
      ...ports,
      store: (store = new PausingStore(ports.store, blind)),
    }));
    const there = acme.through(paused.api);
    const code = method === 'totp' ? totpCode(ada.secret, world.clock.now()) : ada.codes[0]!;
    const factor = method === 'totp' ? { factorId: ada.factorId } : {};
    const answering = there.answer(await there.challenge(ada.userId), { method, code, ...factor });
    await store.paused;
    await takeBack(ada);
    store.release();
    const answer = await answering;
    const types = (await world.store.read(`verification-acme.${ada.userId}`)).map(({ type }) => type);
    return { answer, types };
  }

  describe('what is taken back and acknowledged before a result is signed', () => {
    test.each([
      ['a removed factor', 'totp', removeFactor],
      ['two-step verification switched off', 'totp', disable],
      ['two-step verification switched off, with a recovery code', 'recovery-code', disable],
      ['a new set of recovery codes', 'recovery-code', newCodes],
      ['the service that asked, removed', 'totp', removeService],
    ] as const)('gives no result: %s', async (_, method, takeBack) => {
      const { answer, types } = await race(method, takeBack, false);
      expect(answer).toMatchObject({ status: 409, body: { code: 'challenge-closed' } });
      expect(answer.body).not.toHaveProperty('result');
      expect(types).toEqual(['ChallengeOpened', 'ChallengePassed', 'PassVoided']);
      acme = await Tenant.create(plain.api, world.operatorToken);
    });

    test.each([
      ['a renamed factor', 'totp', rename],
      ['a new set of codes, for an authenticator code', 'totp', newCodes],
    ] as const)('but what does not matter stops nothing: %s', async (_, method, takeBack) => {
      const { answer, types } = await race(method, takeBack, false);
      expect(answer.status).toBe(200);
      expect(types).toEqual(['ChallengeOpened', 'ChallengePassed']);
    });

    test('the mutant without a second look gives a result for a removed factor', async () => {
      expect((await race('totp', removeFactor, true)).answer.status).toBe(200);
    });
  });

  describe('what is fetched or allowed rests on the same', () => {
    /** Does something through a store that pauses at that event; meanwhile something is taken back. */
    async function pausedAt<T>(
      event: string,
      act: (there: Tenant) => Promise<T>,
      takeBack: () => Promise<unknown>,
    ) {
      let store!: PausingStore;
      const paused = await world.start((ports: Ports) => ({
        ...ports,
        store: (store = new PausingStore(ports.store, false, event)),
      }));
      const acting = act(acme.through(paused.api));
      await store.paused;
      await takeBack();
      store.release();
      return acting;
    }

    test('the result of a hosted challenge is not given for a factor that was removed meanwhile', async () => {
      const returnUrl = 'https://payroll.acme.example/back';
      acme = await Tenant.create(plain.api, world.operatorToken, 'acme', { returnUrls: [returnUrl] });
      const ada = await acme.enrol(`person-${people++}`, () => world.clock.now());
      await acme.addTotp(ada.userId, () => world.clock.now());
      world.clock.advance(90);
      const { codeVerifier, codeChallenge } = createVerifier();
      const { body } = await acme.open(ada.userId, { signInId: 's-1', returnUrl, codeChallenge });
      const right = { method: 'totp', factorId: ada.factorId, code: totpCode(ada.secret, world.clock.now()) };
      const { redirectTo } = (await acme.answer(body.challengeId, right)).body;
      const code = new URL(redirectTo as string).searchParams.get('code');
      const take = (there: Tenant) => there.service('POST', '/results', { code, codeVerifier });
      const answer = await pausedAt('ResultTaken', take, () => removeFactor(ada));
      expect(answer).toMatchObject({ status: 409, body: { code: 'challenge-closed' } });
    });

    test('a sign-in is not allowed without a second step where it became required meanwhile', async () => {
      const userId = `person-${people++}`;
      await acme.service('PUT', `/users/${userId}`, {});
      await acme.service('POST', `/users/${userId}/two-step/skip`, { signInId: 's-2' });
      const require = async () => {
        const { headers } = await acme.operator('GET', '/policy');
        const policy = { enrollment: { mode: 'required' } };
        expect(
          (await acme.operator('PUT', '/policy', policy, { 'if-match': String(headers.etag) })).status,
        ).toBe(200);
      };
      const answer = await pausedAt(
        'SignInAllowed',
        (there) => there.open(userId, { signInId: 's-2' }),
        require,
      );
      expect(answer).toMatchObject({ status: 200, body: { decision: 'enroll', skippable: false } });
      const types = (await world.store.read(`verification-acme.${userId}`)).map(({ type }) => type);
      expect(types).toEqual(['SignInAllowed', 'PassVoided']);
    });
  });
});
