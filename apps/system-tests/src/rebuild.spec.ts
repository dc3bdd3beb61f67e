import { rowSum, tableName, type Generation } from '@sparekey/read-models';
import { Tenant, totpCode, World, wrongCode, type InProcess } from '@sparekey/testing';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { DIRECTORY } from '@sparekey/enrollment/projection';
import { auditProjection } from '@sparekey/audit/projection';

let world: World;
let app: InProcess;
let acme: Tenant;

/** A bit of everything that read models show. */
async function live(): Promise<void> {
  const now = () => world.clock.now();
  const ada = await acme.enrol('ada', now);
  for (const user of ['bob', 'carl'])
    await acme.service('PUT', `/users/${user}`, { emails: [`${user}@x.example`] });
  await acme.service('PUT', '/users/bob', { emails: ['bob@y.example', 'b@z.example'] });
  world.clock.advance(86_400);
  for (let n = 0; n < 30; n++) {
    world.clock.advance(30);
    const id = await acme.challenge('ada');
    await acme.answer(id, { method: 'totp', code: wrongCode(ada.secret, now()) });
    await acme.answer(id, { method: 'totp', code: totpCode(ada.secret, now()) });
  }
  await acme.answer(await acme.challenge('ada'), { method: 'recovery-code', code: ada.codes[0] });
  await acme.addTotp('ada', now);
  await acme.service('DELETE', `/users/ada/factors/${ada.factorId}`);
  await world.sent();
}

const generations = async () =>
  (await app.api('GET', '/v1/operator/projections', { token: world.operatorToken })).body
    .items as Generation[];
const sums = async () =>
  Object.fromEntries(
    (await generations())
      .filter(({ state }) => state === 'live')
      .map(({ name, checksum, events }) => [name, [checksum, events]]),
  );

beforeAll(async () => {
  world = new World();
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
  await live();
});
afterAll(() => world.close());

/** Sums up all rows there are, and compares with what is claimed. */
async function expectRowsAsClaimed(): Promise<void> {
  const database = new DatabaseSync(join(world.path, 'views.db'), { readOnly: true });
  for (const generation of await generations()) {
    const isAudit = generation.name === auditProjection.name;
    let sum = 0n;
    for (const table of isAudit ? auditProjection.tables : DIRECTORY.tables) {
      for (const row of database.prepare(`SELECT * FROM ${tableName(generation)(table)}`).all())
        sum += rowSum([...(isAudit ? [] : [table]), ...Object.values(row)]);
    }
    const found = (sum % 2n ** 64n).toString(16).padStart(16, '0');
    expect([generation.name, found]).toEqual([generation.name, generation.checksum]);
  }
  database.close();
}

test('the checksum is that of the rows', expectRowsAsClaimed);

test('rows made anew from the log are those that were there, in batches of any size, and nothing is sent', async () => {
  const before = await sums();
  expect(Object.keys(before).sort()).toEqual([auditProjection.name, DIRECTORY.name].sort());
  const [mails, events] = [world.inbox.messages.length, await world.store.countAfter(undefined)];
  for (const batch of [1_000, 7, 1]) {
    await world.throwViewsAway(batch);
    await world.settle();
    expect(await sums()).toEqual(before);
  }
  expect(world.inbox.messages).toHaveLength(mails);
  expect(await world.store.countAfter(undefined)).toBe(events);
});

test('a rebuild goes on beside what is read, and then takes its place', async () => {
  const before = await sums();
  const operator = { token: world.operatorToken };
  expect((await app.api('POST', '/v1/operator/projections/audit/rebuild', operator)).status).toBe(202);
  const entries = async () => (await acme.operator('GET', '/audit?limit=200')).body.items.length as number;
  const full = await entries();
  await world.projector.advance();
  expect(await entries()).toBe(full + 1); // still the former one, with who asked for it
  await acme.service('PUT', '/users/dora', {});
  await world.settle();
  const after = await sums();
  expect(after.audit).not.toEqual(before.audit);
  const audit = (await generations()).filter(({ name }) => name === 'audit');
  expect(audit.map(({ state }) => state)).toEqual(['retired', 'live']);
  world.clock.advance(61);
  await world.settle();
  expect((await generations()).filter(({ name }) => name === 'audit')).toHaveLength(1);
  expect((await app.api('POST', '/v1/operator/projections/never/rebuild', operator)).status).toBe(404);
});

test('of two projectors none doubles a row', async () => {
  const other = await world.anotherProjector();
  await other.projector.catchUp();
  await acme.service('PUT', '/users/emil', {});
  await world.settle(); // the other one still thinks that it stands before this
  await other.projector.catchUp();
  await other.close();
  await expectRowsAsClaimed();
  const before = await sums();
  await world.throwViewsAway();
  await world.settle();
  expect(await sums()).toEqual(before);
});
