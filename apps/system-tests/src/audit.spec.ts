import { type Api, newPlace, type Person, type Place, Tenant, totpCode, wrongCode } from '@sparekey/testing';

let world: Place;
let app: { readonly api: Api };
let acme: Tenant;
let ada: Person;
let auditor: string;

const context = { ip: '203.0.113.7', userAgent: 'Firefox on the kitchen table' };

beforeAll(async () => {
  world = newPlace();
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
  ada = await acme.enrol('ada', () => world.clock.now());
  const issued = await acme.operator('POST', '/api-tokens', { name: 'auditor', role: 'auditor' });
  auditor = issued.body.token;
  world.clock.advance(60);
  const challengeId = (await acme.open('ada', { context, signInId: 's-1' })).body.challengeId;
  await acme.answer(challengeId, { method: 'totp', code: wrongCode(ada.secret, world.clock.now()) });
  await acme.answer(challengeId, { method: 'recovery-code', code: ada.codes[6] });
  world.clock.advance(60);
  const second = await acme.challenge('ada');
  await acme.answer(second, { method: 'totp', code: totpCode(ada.secret, world.clock.now()) });
  await acme.service('PUT', '/users/bob', { emails: ['bob@acme.example'] });
  await world.sent();
});
afterAll(() => world.close());

const audit = (query = '', path = '/audit') =>
  app.api('GET', `/v1/domains/acme${path}${query}`, { token: auditor });
/** Without what says that people were told. */
const facts = async (query = '', path = '/audit') =>
  (await audit(`${query}&limit=200`, path)).body.items.filter(
    ({ action }: { action: string }) => action !== 'notice.sent',
  );
const actions = async (query = '', path = '/audit') =>
  (await facts(query, path)).map(({ action }: { action: string }) => action);

describe('the audit log', () => {
  test('says who did what, with which factor or which code of which set, from where, and how it ended', async () => {
    const items = (await facts('?user=ada')).slice(0, 4);
    expect(items).toMatchObject([
      { action: 'code.used', outcome: 'success', userId: 'ada', method: 'totp', factor: { name: 'Phone' } },
      { action: 'challenge.opened', service: 'payroll', actor: { kind: 'service' } },
      {
        action: 'code.used',
        method: 'recovery-code',
        code: { batchId: ada.batchId, number: 7 },
        context,
        at: new Date(world.clock.now() - 60_000).toISOString(),
      },
      { action: 'code.rejected', outcome: 'failure', method: 'totp', context, detail: { attemptsLeft: 4 } },
    ]);
    expect(items[0].factor).toEqual({ factorId: ada.factorId, type: 'totp', name: 'Phone' });
    expect(JSON.stringify(items)).not.toContain(ada.codes[6]);
  });

  test('is filtered by person, action, outcome and time, each also together', async () => {
    expect(await actions('?user=bob')).toEqual(['user.registered']);
    expect(await actions('?action=code.rejected')).toEqual(['code.rejected']);
    expect(await actions('?outcome=failure')).toEqual(['code.rejected']);
    expect(await actions('?user=ada&outcome=failure')).toEqual(['code.rejected']);
    expect(await actions('?user=bob&action=code.used')).toEqual([]);
    const moment = new Date(world.clock.now()).toISOString();
    expect(await actions(`?from=${moment}`)).toEqual(['user.registered', 'code.used', 'challenge.opened']);
    const before = await facts(`?to=${moment}`);
    expect(before[0]).toMatchObject({ action: 'code.used', method: 'recovery-code' });
  });

  test('is read page by page, every entry once, also while it grows', async () => {
    const whole = (await audit('?limit=200')).body.items.map(({ id }: { id: string }) => id);
    const paged: string[] = [];
    let next: string | null = '';
    do {
      const { body } = await audit(`?limit=3${next ? `&cursor=${next}` : ''}`);
      paged.push(...body.items.map(({ id }: { id: string }) => id));
      next = body.next;
      if (paged.length === 6) {
        await acme.service('PUT', '/users/carl', {});
        await world.settle();
      }
    } while (next);
    expect(paged).toEqual(whole);
  });

  test.each([
    ['an unknown action', 'action=nothing', 'action'],
    ['a cursor of something else', 'cursor=abc', 'cursor'],
    ['a limit beyond 200', 'limit=201', 'limit'],
    ['a time that is none', 'from=yesterday', 'from'],
    ['a field that is none', 'users=ada', 'users'],
  ])('refuses %s by name', async (_, query, field) => {
    const { status, body } = await audit(`?${query}`);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  test('is for auditors of the domain, and each person reads their own', async () => {
    expect((await acme.service('GET', '/audit')).status).toBe(403);
    const own = await acme.service('GET', '/users/ada/audit?action=code.rejected'); // a service on behalf
    expect(own.body.items).toHaveLength(1);
    const globex = await Tenant.create(app.api, world.operatorToken, 'globex');
    await world.settle();
    expect((await app.api('GET', '/v1/domains/globex/audit', { token: auditor })).status).toBe(403);
    expect((await globex.operator('GET', '/audit')).body.items.length).toBeGreaterThan(0);
    expect((await app.api('GET', '/v1/domains/acme/audit')).status).toBe(401);
    expect((await app.api('GET', '/v1/domains/never/audit', { token: world.operatorToken })).status).toBe(
      404,
    );
  });

  test('is exported whole, oldest first, as lines of JSON and as CSV that no spreadsheet runs', async () => {
    const lines = (await audit('?format=ndjson', '/audit/export')).body.trimEnd().split('\n');
    const entries = lines.map((line: string) => JSON.parse(line));
    const whole = (await audit('?limit=200')).body.items;
    const oldestFirst = whole.toReversed() as { action: string }[];
    expect(entries).toEqual(oldestFirst.slice(0, entries.length));
    // who looked and who was refused may have come in since: nothing else
    const since = oldestFirst.slice(entries.length).filter(({ action }) => !action.startsWith('access.'));
    expect(since).toEqual([]);
    await acme.service('POST', '/users/ada/factors', { type: 'totp', name: '=HYPERLINK("x")' });
    await world.settle();
    const { body, headers } = await audit('?format=csv&action=factor.added', '/audit/export');
    expect(headers['content-disposition']).toBe('attachment; filename="sparekey-audit-acme.csv"');
    const rows = body.trimEnd().split('\r\n');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^\ufeffid,at,action,outcome,userId/); // spreadsheets know UTF-8 by the mark
    expect(rows[2]).toContain(`"'=HYPERLINK(""x"")"`);
    expect((await audit('', '/audit/export')).status).toBe(400);
  });
});
