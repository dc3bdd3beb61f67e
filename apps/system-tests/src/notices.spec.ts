import { setTimeout as sleep } from 'node:timers/promises';
import { AppendRefused, LogDamaged, StoreUnavailable, type EventStore } from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import {
  linkIn,
  Mailbox,
  Tenant,
  totpCode,
  World,
  wrongCode,
  type InProcess,
  type Person,
} from '@sparekey/testing';

let world: World;
let app: InProcess;
let acme: Tenant;
let mailbox: Mailbox;
let people = 0;

const now = () => world.clock.now();

beforeAll(async () => {
  world = new World();
  mailbox = new Mailbox(world);
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
});
afterAll(() => world.close());

const mails = () => mailbox.news();
const subjects = async () => (await mails()).map(({ subject }) => subject);
const newPerson = async (): Promise<Person> => {
  const person = await acme.enrol(`ada-${++people}`, now);
  world.clock.advance(60);
  await mails();
  return person;
};
const repudiate = (handle: string) => app.api('POST', `/v1/notices/${handle}/repudiate`);

describe('every change is told', () => {
  test('setting two-step verification up, to the person', async () => {
    const { userId } = await acme.enrol('bob', now);
    const told = await mails();
    expect(told.map(({ subject }) => subject)).toEqual([
      'A sign-in method was added',
      'New recovery codes were made',
      'Two-step verification is on',
    ]);
    expect(new Set(told.map(({ to }) => to))).toEqual(new Set([`${userId}@acme.example`]));
    expect(told[0]!.text).toContain('Sunday, March 1, 2026');
    expect(told[0]!.html).toContain('href="http://localhost:4000/notice#skn_');
  });

  test('a recovery code that was used, by its number, and that few are left', async () => {
    const ada = await newPerson();
    for (let n = 0; n < 12; n++) {
      const body = { method: 'recovery-code', code: ada.codes[n] };
      expect((await acme.answer(await acme.challenge(ada.userId), body)).status).toBe(200);
    }
    const told = await mails();
    expect(told.map(({ subject }) => subject)).toEqual(Array(10).fill('A recovery code was used')); // the budget
    expect(told[6]!.text).toContain('Recovery code number 7 was used');
    expect(told[6]!.text).not.toContain('left');
    world.clock.advance(3_600);
    await acme.answer(await acme.challenge(ada.userId), { method: 'recovery-code', code: ada.codes[12] });
    expect((await mails())[0]!.text).toContain('Only 3 are left');
    const audit = await acme.operator('GET', `/users/${ada.userId}/audit?action=notice.failed`);
    expect(audit.body.items.map(({ detail }: { detail: { reason: string } }) => detail.reason)).toEqual([
      'budget',
      'budget',
    ]);
  });

  test('but no sign-in with an app, which stands in the log', async () => {
    const ada = await newPerson();
    const code = totpCode(ada.secret, now());
    await acme.answer(await acme.challenge(ada.userId), { method: 'totp', code });
    expect(await subjects()).toEqual([]);
  });

  test('too many wrong codes, in words that say until when', async () => {
    const ada = await newPerson();
    for (let n = 0; n < 2; n++) {
      const id = await acme.challenge(ada.userId);
      for (let tries = 0; tries < 5; tries++)
        await acme.answer(id, { method: 'totp', code: wrongCode(ada.secret, now()) });
    }
    const [told] = await mails();
    expect(told!.subject).toBe('Too many wrong codes');
    expect(told!.text).toMatch(/not accepted again until Sunday, March 1, 2026/);
  });

  test('new addresses, to the old and to the new ones, each once', async () => {
    const { userId } = await newPerson();
    const emails = [`${userId}@acme.example`, 'second@acme.example'];
    await acme.service('PUT', `/users/${userId}`, { emails, phone: '+31655500199' });
    const told = (await mails()).map(({ channel, to }) => `${channel} ${to}`);
    expect(told.sort()).toEqual([
      `email ${userId}@acme.example`,
      'email second@acme.example',
      'sms +31655500199',
    ]);
    await acme.service('PUT', `/users/${userId}`, { emails: ['third@acme.example'] });
    expect((await mails()).map(({ to }) => to).sort()).toEqual(
      [...emails, 'third@acme.example', '+31655500199'].sort(),
    );
  });

  test('in the language that the person reads', async () => {
    const { userId } = await newPerson();
    await acme.service('PUT', `/users/${userId}`, { emails: ['nl@acme.example'], locale: 'nl-BE' });
    await mails();
    await acme.issueCodes(userId);
    const told = (await mails()).find(({ to }) => to === 'nl@acme.example');
    expect(told).toMatchObject({ subject: 'Er zijn nieuwe herstelcodes gemaakt', to: 'nl@acme.example' });
    expect(told!.text).toContain('zondag 1 maart 2026');
  });

  test('to administrators where it is about the domain', async () => {
    await acme.service('PUT', '/users/root', { emails: ['root@acme.example'] });
    await acme.operator('PUT', '/users/root', { emails: ['root@acme.example'], roles: ['administrator'] });
    await mails();
    world.clock.advance(1);
    await acme.operator('POST', '/api-tokens', { name: 'x', role: 'auditor' });
    expect((await mails()).map(({ to, subject }) => [to, subject])).toEqual([
      ['root@acme.example', 'An API token was issued'],
    ]);
    await acme.operator('PUT', '/users/root', { emails: ['root@acme.example'], roles: [] });
    expect(await subjects()).toEqual(['Your roles were changed']);
  });
});

const told = async (subject: string) => linkIn((await mails()).find((one) => one.subject === subject)!.text)!;

describe('“this was not me”', () => {
  test('suspends the factor that was added, until the help desk gives it back', async () => {
    const ada = await newPerson();
    const added = await acme.addTotp(ada.userId, now);
    world.clock.advance(60);
    const handle = await told('A sign-in method was added');
    expect(await repudiate(handle)).toMatchObject({ status: 200, body: { state: 'repudiated' } });
    await world.settle();
    const methods = async () => {
      const { body } = await acme.open(ada.userId);
      return body.methods.map(({ factorId }: { factorId?: string }) => factorId).filter(Boolean);
    };
    expect(await methods()).toEqual([ada.factorId]);
    expect(await subjects()).toEqual(['A sign-in method is suspended']);
    await acme.operator('POST', `/users/${ada.userId}/unlock`);
    expect(await methods()).toHaveLength(2);
    expect((await repudiate(handle)).status).toBe(200); // said once: nothing more comes of it
    await world.settle();
    expect(await methods()).toHaveLength(2);
    expect(added.factorId).toBeDefined();
  });

  test('shows wherever the factor stands: it is suspended, no default, and counts for nothing', async () => {
    const ada = await newPerson();
    const user = `/users/${ada.userId}`;
    const { factorId } = await acme.addTotp(ada.userId, now);
    await acme.service('PATCH', `${user}/factors/${factorId}`, { default: true });
    await acme.service('POST', `${user}/recovery-codes`); // not saved: apps are the only way in
    await world.settle();
    const shown = async () => (await acme.operator('GET', `${user}/security`)).body.factors as object[];
    const listed = async () =>
      (await acme.operator('GET', `/users?query=${ada.userId}`)).body.items[0] as object;
    const noSecondWay = async () => (await acme.operator('GET', '/readiness')).body.noSecondWay as number;
    const before = await noSecondWay();
    expect(await listed()).toMatchObject({ factors: 2, secondWayIn: true });
    await repudiate(await told('A sign-in method was added'));
    await world.settle();
    expect(await shown()).toMatchObject([
      { factorId: ada.factorId, status: 'confirmed', default: true },
      { factorId, status: 'suspended', restoredBy: 'help-desk', default: false },
    ]);
    expect(await listed()).toMatchObject({ factors: 1, secondWayIn: false });
    expect(await noSecondWay()).toBe(before + 1);
    await acme.operator('POST', `${user}/unlock`);
    await world.settle();
    expect(await shown()).toMatchObject([{ default: false }, { status: 'confirmed', default: true }]);
    expect(await listed()).toMatchObject({ factors: 2, secondWayIn: true });
    await acme.service('DELETE', `${user}/factors/${factorId}`);
    await world.settle();
    expect(await listed()).toMatchObject({ factors: 1 });
  });

  test('voids recovery codes that somebody else made', async () => {
    const ada = await newPerson();
    const { codes } = await acme.issueCodes(ada.userId);
    await repudiate(await told('New recovery codes were made'));
    await world.settle();
    const body = { method: 'recovery-code', code: codes[0] };
    expect((await acme.answer(await acme.challenge(ada.userId), body)).status).toBe(403);
    expect((await acme.service('GET', `/users/${ada.userId}/recovery-codes`)).status).toBe(404);
  });

  test('puts addresses back that somebody else changed', async () => {
    const { userId } = await newPerson();
    await acme.service('PUT', `/users/${userId}`, { emails: ['evil@zebra.example'] });
    const handle = linkIn((await mails()).find(({ to }) => to === `${userId}@acme.example`)!.text)!;
    await repudiate(handle);
    await world.settle();
    await mails();
    await acme.issueCodes(userId);
    const told = await mails();
    expect(told.map(({ to }) => to)).toEqual([`${userId}@acme.example`, 'evil@zebra.example']);
    expect(told.map(({ text }) => linkIn(text) !== undefined)).toEqual([true, false]);
  });

  test('switches two-step verification on again', async () => {
    const { userId } = await newPerson();
    await acme.service('POST', `/users/${userId}/two-step/disable`);
    await repudiate(await told('Two-step verification is off'));
    await world.settle();
    expect((await acme.open(userId)).status).toBe(201);
    const { body } = await acme.service('GET', `/users/${userId}/security`);
    expect(body).toMatchObject({ twoStep: { enabled: true }, missing: ['recovery-codes'] });
  });

  test('ends the sessions that a stolen recovery code opened, and no other', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    const own = await acme.fullSession(account, () => ({
      method: 'totp',
      code: totpCode(ada.secret, now()),
    }));
    await mails();
    const stolen = await acme.fullSession(account, () => ({ method: 'recovery-code', code: ada.codes[0]! }));
    await repudiate(await told('A recovery code was used'));
    await world.settle();
    const read = (token: string) =>
      app.api('GET', `/v1/domains/acme/users/${ada.userId}/security`, { token }).then(({ status }) => status);
    expect([await read(own), await read(stolen)]).toEqual([200, 401]);
  });

  test('withdraws a password that somebody else set', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    await repudiate(await told('Your password was set'));
    await world.settle();
    expect((await acme.signIn(account)).status).toBe(401);
    await acme.account(ada.userId);
    expect((await acme.signIn(account)).status).toBe(200);
  });

  test('is told to the administrators, and stands in the audit log', async () => {
    await acme.operator('PUT', '/users/root', { emails: ['root@acme.example'], roles: ['administrator'] });
    const ada = await newPerson();
    await acme.issueCodes(ada.userId);
    await repudiate(await told('New recovery codes were made'));
    const [alarm] = (await mails()).filter(({ to }) => to === 'root@acme.example');
    expect(alarm!.subject).toContain('this was not me');
    expect(alarm!.text).toContain(ada.userId);
    const audit = await acme.operator('GET', `/users/${ada.userId}/audit?action=notice.repudiated`);
    expect(audit.body.items[0].detail).toMatchObject({ kind: 'RecoveryCodesGenerated' });
    await acme.operator('PUT', '/users/root', { roles: [] });
    await mails();
  });
});

test('nothing is told again when everything is heard again', async () => {
  await world.sent();
  const before = world.inbox.messages.length;
  const events = await world.store.countAfter(undefined);
  await world.forgetWhatWasHeard();
  app = await world.start();
  acme = acme.through(app.api);
  await world.sent();
  expect(app.transport.rooms.length).toBeGreaterThan(4);
  expect(world.inbox.messages).toHaveLength(before);
  expect(await world.store.countAfter(undefined)).toBe(events);
});

test('“this was not me” is refused after seven days, and with anything else than the link', async () => {
  const ada = await newPerson();
  await acme.issueCodes(ada.userId);
  const handle = await told('New recovery codes were made');
  expect((await repudiate(`${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
  expect((await repudiate(await acme.challenge(ada.userId))).status).toBe(404);
  expect((await app.api('GET', `/v1/notices/${handle}/repudiate`)).status).toBe(405);
  world.clock.advance(7 * 86_400 + 1);
  expect((await repudiate(handle)).status).toBe(410);
});

test.each([
  ['the log was away', [], 0],
  ['another one is damaged', [new LogDamaged('its beginning is gone')], 1],
])('a notice is sent although %s when the outbox first looked', async (_, damages, unsent) => {
  const other = new World();
  const troubled = ({ store, ...ports }: Ports): Ports => ({
    ...ports,
    store: troubledStore(store, damages),
  });
  const { api } = await other.start(troubled);
  const tenant = await Tenant.create(api, other.operatorToken);
  await tenant.enrol('ada', () => other.clock.now());
  await other.sent();
  const count = async (type: string) => (await other.store.readAll(undefined, 1_000, [{ type }])).length;
  expect(await count('NoticeClaimed')).toBeGreaterThan(unsent);
  expect(await count('NoticeSent')).toBe((await count('NoticeClaimed')) - unsent);
  await other.close();
});

test('where the outbox stands outside of the log the process is unready, until that is mended', async () => {
  const other = new World();
  let isLost = true;
  const lost = (inner: EventStore) =>
    otherwise(inner, {
      readAll: (...args) =>
        isLost ? Promise.reject(new LogDamaged('5/5 is no place in this log')) : inner.readAll(...args),
    });
  const { api } = await other.start(({ store, ...ports }) => ({ ...ports, store: lost(store) }));
  const faults = async () => (await api('GET', '/health/ready')).body.faults ?? {};
  while (!('outbox' in (await faults()))) await sleep(20);
  expect(await faults()).toMatchObject({ outbox: '5/5 is no place in this log' });
  isLost = false;
  while ('outbox' in (await faults())) await sleep(20);
  await other.close();
});

test('a notice whose stream is deleted while it is on its way is left, and sent no second time', async () => {
  const other = new World();
  let deleted: string | undefined;
  const deleting = (inner: EventStore) =>
    otherwise(inner, {
      append: async (stream, expected, events, options) => {
        const isSent = events.some(({ type }) => type === 'NoticeSent');
        if (isSent && stream === (deleted ??= stream))
          throw new AppendRefused(stream, 'somebody deleted it', { cause: new Error('deleted') });
        return inner.append(stream, expected, events, options);
      },
    });
  const { api } = await other.start(({ store, ...ports }) => ({ ...ports, store: deleting(store) }));
  const tenant = await Tenant.create(api, other.operatorToken);
  await tenant.enrol('ada', () => other.clock.now());
  await other.sent();
  const count = async (type: string) => (await other.store.readAll(undefined, 1_000, [{ type }])).length;
  expect(deleted).toBeDefined();
  expect(await count('NoticeSent')).toBe((await count('NoticeClaimed')) - 1);
  expect(other.inbox.messages).toHaveLength(await count('NoticeClaimed'));
  await other.close();
});

/** The same store, of which some calls do something else. */
const otherwise = (inner: EventStore, calls: Partial<EventStore>): EventStore =>
  new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(name in calls ? calls : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** A store of which no notice can be read once, after it was claimed; the first ones are damaged for good. */
function troubledStore(inner: EventStore, damages: readonly LogDamaged[]): EventStore {
  const unread = new Set<string>();
  const damaged = new Map<string, LogDamaged>();
  return otherwise(inner, {
    append: async (stream, expected, events, options) => {
      const revision = await inner.append(stream, expected, events, options);
      if (!events.some(({ type }) => type === 'NoticeClaimed')) return revision;
      const damage = damages[damaged.size];
      if (damage) damaged.set(stream, damage);
      unread.add(stream);
      return revision;
    },
    read: async (stream, options) => {
      const damage = damaged.get(stream);
      if (damage) throw damage;
      if (unread.delete(stream))
        throw new StoreUnavailable('not-appended', { cause: new Error('it is away') });
      return inner.read(stream, options);
    },
  });
}
