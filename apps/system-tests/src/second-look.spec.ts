import type { EventRecord, EventStore } from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import { Tenant, totpCode, World, type InProcess, type Person } from '@sparekey/testing';

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
  ) {}

  async append(
    stream: string,
    expected: number | 'no-stream',
    events: readonly EventRecord[],
  ): Promise<number> {
    if (events.some(({ type }) => type === 'ChallengePassed')) {
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

  newestTime(): ReturnType<EventStore['newestTime']> {
    return this.inner.newestTime();
  }
}

let world: World;
let plain: InProcess;
let acme: Tenant;
let people = 0;

beforeAll(async () => {
  world = new World();
  plain = await world.start();
  acme = await Tenant.create(plain.api, world.operatorToken);
});
afterAll(() => world.close());

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
