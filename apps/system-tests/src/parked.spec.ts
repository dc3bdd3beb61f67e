import { Controller, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { Envelope } from '@sparekey/event-sourcing';
import { hearsIn } from '@sparekey/platform';
import { Tenant, World, type InProcess } from '@sparekey/testing';

/** What the two rooms of this test did, in order. */
const heard: string[] = [];
let poison: string | undefined;

const FragileHears = hearsIn('fragile');
const SturdyHears = hearsIn('sturdy');

@Controller()
class FragileListener {
  @FragileHears('UserRegistered')
  async hear(@Payload() { subject, data }: Envelope): Promise<void> {
    heard.push(`fragile ${subject}`);
    if (subject !== poison) return;
    throw new Error('the handler fell over', { cause: new TypeError(`${typeof data} has no contacts`) });
  }
}

@Controller()
class SturdyListener {
  @SturdyHears(['UserRegistered', 'ContactsChanged'])
  async hear(@Payload() { subject, type }: Envelope): Promise<void> {
    heard.push(`sturdy ${type} ${subject}`);
  }
}

@Module({ controllers: [FragileListener, SturdyListener] })
class TwoRooms {}

let world: World;
let app: InProcess;
let acme: Tenant;

beforeAll(async () => {
  world = new World();
  app = await world.start(undefined, 'trace', undefined, [TwoRooms]);
  acme = await Tenant.create(app.api, world.operatorToken);
});
afterAll(() => world.close());
beforeEach(() => {
  heard.length = 0;
});

const register = async (user: string) => {
  await acme.service('PUT', `/users/${user}`, {});
  await world.settle();
};
const operator = (method: string, path: string) =>
  app.api(method, `/v1/operator/parked${path}`, { token: world.operatorToken });

test('what one room cannot handle is parked for that room alone, and everything else flows', async () => {
  poison = 'bad';
  await register('ada');
  await Promise.all([register('bad'), register('bob')]);
  await register('carl');
  expect(heard.filter((one) => one.startsWith('sturdy'))).toHaveLength(4);
  expect(heard.filter((one) => one === 'fragile bad')).toHaveLength(5);
  for (const user of ['ada', 'bob', 'carl'])
    expect(heard.filter((one) => one === `fragile ${user}`)).toHaveLength(1);
});

test('it is listed with its real cause, counted in health and metrics, and told in the log', async () => {
  const { body } = await operator('GET', '');
  expect(body).toMatchObject({
    items: [{ room: 'fragile', type: 'UserRegistered', stream: 'factors-acme.bad', attempts: 5 }],
    next: null,
  });
  const [{ room, eventId, cause }] = body.items;
  expect(cause).toMatch(/^Error: the handler fell over\n[^]*caused by TypeError: object has no contacts/);
  expect((await operator('GET', `/${room}/${eventId}`)).body).toEqual(body.items[0]);
  expect((await operator('GET', '?room=sturdy')).body.items).toEqual([]);
  expect((await operator('GET', `/sturdy/${eventId}`)).status).toBe(404);
  const ready = await app.api('GET', '/health/ready');
  expect(ready.body.followers).toMatchObject({ parked: 1, rooms: { fragile: { behind: 0 } } });
  expect((await app.api('GET', '/metrics')).body).toMatch(/^sparekey_parked_events 1$/m);
  expect(app.log.some((line) => line.includes(`parked fragile ${eventId}`))).toBe(true);
});

test('it is tried again by command: kept with the new cause, or handled once it is mended', async () => {
  const [{ eventId }] = (await operator('GET', '')).body.items;
  const still = await operator('POST', `/fragile/${eventId}/retry`);
  expect(still.body).toMatchObject({ state: 'parked', attempts: 6 });
  heard.length = 0;
  poison = undefined;
  const retried = await operator('POST', `/fragile/${eventId}/retry`);
  expect(retried.body).toEqual({ state: 'handled', room: 'fragile', eventId });
  expect(heard).toEqual(['fragile bad']);
  expect((await operator('GET', '')).body.items).toEqual([]);
  expect((await operator('POST', `/fragile/${eventId}/retry`)).status).toBe(404);
});

test('a room goes on where it was after a restart, and hears nothing twice that it has handled', async () => {
  await register('dora');
  heard.length = 0;
  await app.app.close();
  const again = await world.start(undefined, 'trace', undefined, [TwoRooms]);
  await acme.through(again.api).service('PUT', '/users/emil', {});
  await world.settle();
  expect(heard.sort()).toEqual(['fragile emil', 'sturdy UserRegistered emil']);
});

test('a store that is away is no poison: the event waits and is handled when it is back', async () => {
  const other = new World();
  let away = 0;
  @Controller()
  class WaitingListener {
    @FragileHears('UserRegistered')
    async hear(): Promise<void> {
      if (away++ < 8) throw Object.assign(new Error('away'), { name: 'StoreUnavailable' });
    }
  }
  @Module({ controllers: [WaitingListener] })
  class Waiting {}
  const started = await other.start(undefined, 'trace', undefined, [Waiting]);
  const tenant = await Tenant.create(started.api, other.operatorToken);
  await tenant.service('PUT', '/users/ada', {});
  await other.settle();
  expect(away).toBe(9);
  expect((await started.api('GET', '/health/ready')).body.followers.parked).toBe(0);
  await other.close();
});
