import {
  linkIn,
  Mailbox,
  PASSWORD,
  Tenant,
  totpCode,
  World,
  type InProcess,
  type Person,
} from '@sparekey/testing';

/* "This was not me" against somebody who has read the source. */

let world: World;
let app: InProcess;
let acme: Tenant;
let mailbox: Mailbox;
let people = 0;

const D = '/v1/domains/acme';
const now = () => world.clock.now();

beforeAll(async () => {
  world = new World();
  mailbox = new Mailbox(world);
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
});
afterAll(() => world.close());

const mails = () => mailbox.news();
const repudiate = async (handle: string | undefined) => {
  const answer = await app.api('POST', `/v1/notices/${handle}/repudiate`);
  await world.settle();
  return answer;
};
const newPerson = async (): Promise<Person & { readonly mail: string }> => {
  const person = await acme.enrol(`ada-${++people}`, now);
  world.clock.advance(60);
  await mails();
  return { ...person, mail: `${person.userId}@acme.example` };
};
const put = (userId: string, ...emails: string[]) => acme.service('PUT', `/users/${userId}`, { emails });
const emailsOf = async (userId: string) => {
  await world.settle();
  return (await acme.operator('GET', `/users?query=${userId}`)).body.items[0].emails as string[];
};
const totp = (person: Person) => () => ({ method: 'totp', code: totpCode(person.secret, now()) });
const told = async (to: string, subject?: string) =>
  (await mails()).filter((one) => one.to === to && (subject === undefined || one.subject === subject));

describe('a service without `manages`', () => {
  let token: string;
  const call = (path: string, body: object) => app.api('PUT', `${D}/users/${path}`, { token, body });

  beforeAll(async () => {
    await acme.operator('PUT', '/services/plain', { displayName: 'Plain', onBehalf: true });
    const terms = { name: 'plain', role: 'service', service: 'plain' };
    token = (await acme.operator('POST', '/api-tokens', terms)).body.token as string;
  });

  test('makes new people and their accounts, and says again what is so', async () => {
    expect((await call('new', { emails: ['new@acme.example'] })).status).toBe(201);
    expect((await call('new', { emails: ['new@acme.example'] })).status).toBe(200);
    const login = 'new@acme.example';
    expect((await call('new/account', { login, password: PASSWORD })).status).toBe(201);
    expect((await call('new/account', { login })).status).toBe(200);
  });

  test('that acts on behalf corrects an address until there is something to protect', async () => {
    expect((await call('bare', { emails: ['bare@acme.example'] })).status).toBe(201);
    expect((await call('bare', { emails: ['corrected@acme.example'] })).status).toBe(200);
    await acme.service('POST', '/users/bare/factors', { type: 'totp' });
    expect((await call('bare', { emails: ['evil@zebra.example'] })).status).toBe(403);
    const other = { displayName: 'Other' };
    await acme.operator('PUT', '/services/other', other);
    const terms = { name: 'other', role: 'service', service: 'other' };
    const alien = (await acme.operator('POST', '/api-tokens', terms)).body.token as string;
    await call('bare-2', {});
    const body = { emails: ['evil@zebra.example'] };
    expect((await app.api('PUT', `${D}/users/bare-2`, { token: alien, body })).status).toBe(403);
  });

  test('changes what somebody is called, and not where they are reached', async () => {
    const emails = ['new@acme.example'];
    expect((await call('new', { emails, displayName: 'New', locale: 'nl' })).status).toBe(200);
    expect((await call('new', { displayName: 'New' })).status).toBe(403);
    expect((await call('new', { emails, phone: '+31201234567' })).status).toBe(403);
  });

  test('changes neither contacts nor login nor password of who exists already', async () => {
    expect((await call('new', { emails: ['evil@zebra.example'] })).status).toBe(403);
    expect((await call('new/account', { login: 'evil@zebra.example' })).status).toBe(403);
    const { body } = await call('new/account', { login: 'new@acme.example', password: `${PASSWORD} II` });
    expect(body.code).toBe('forbidden');
    expect(await emailsOf('new')).toEqual(['new@acme.example']);
  });

  test('gives no password to who has two-step verification and signs in elsewhere', async () => {
    const { userId } = await newPerson();
    const { status } = await call(`${userId}/account`, { login: 'x@zebra.example', password: PASSWORD });
    expect(status).toBe(403);
  });

  test('does not get it from a token', async () => {
    const terms = { name: 'm', role: 'administrator' };
    const machine = (await acme.operator('POST', '/api-tokens', terms)).body.token as string;
    const body = { displayName: 'Plain', onBehalf: true, manages: true };
    expect((await app.api('PUT', `${D}/services/plain`, { token: machine, body })).status).toBe(403);
  });
});

describe('addresses that somebody else changed twice', () => {
  test.each([
    ['the first', [0]],
    ['the last', [1]],
    ['the first and then the last', [0, 1]],
    ['the last and then the first', [1, 0]],
  ])('are as they were before the change that is named: %s', async (_, order) => {
    const { userId, mail } = await newPerson();
    await put(userId, 'evil-1@zebra.example');
    world.clock.advance(60);
    await put(userId, 'evil-2@zebra.example');
    const links = (await told(mail)).map(({ text }) => linkIn(text));
    expect(links).toHaveLength(2);
    for (const n of order) expect((await repudiate(links[n])).status).toBe(200);
    expect(await emailsOf(userId)).toEqual(order.includes(0) ? [mail] : ['evil-1@zebra.example']);
  });

  test('and the owner is told of what follows, also of a new password', async () => {
    const { userId, mail } = await newPerson();
    await put(userId, 'evil@zebra.example');
    world.clock.advance(6 * 86_400);
    await mails();
    const body = { login: mail, password: PASSWORD };
    expect((await acme.service('PUT', `/users/${userId}/account`, body)).status).toBe(201);
    const [notice] = await told(mail, 'Your password was set');
    expect((await repudiate(linkIn(notice!.text))).status).toBe(200);
    expect((await acme.signIn({ domain: 'acme', ...body })).status).toBe(401);
    world.clock.advance(2 * 86_400);
    await mails();
    await acme.issueCodes(userId);
    expect(await told(mail)).toEqual([]);
  });
});

describe('a stolen mailbox', () => {
  test('that a stronger proof replaced is told, without a link, and its older links are worth nothing', async () => {
    const { userId, mail } = await newPerson();
    await acme.issueCodes(userId);
    const [older] = await told(mail, 'New recovery codes were made');
    world.clock.advance(1);
    await acme.operator('PUT', `/users/${userId}`, { emails: ['safe@acme.example'] });
    const [notice] = await told(mail);
    expect(notice!.subject).toMatch(/contact|address/i);
    expect(linkIn(notice!.text)).toBeUndefined();
    const answer = await repudiate(linkIn(older!.text));
    expect([answer.status, answer.body.code]).toEqual([422, 'policy-refused']);
    expect(await emailsOf(userId)).toEqual(['safe@acme.example']);
    expect((await acme.service('GET', `/users/${userId}/recovery-codes`)).status).toBe(200);
  });

  test('does not put itself back over a stronger proof, and is told so', async () => {
    const { userId, mail } = await newPerson();
    await put(userId, mail, 'second@acme.example');
    const [notice] = await told(mail);
    world.clock.advance(60);
    await acme.operator('PUT', `/users/${userId}`, { emails: ['safe@acme.example', mail] });
    const answer = await repudiate(linkIn(notice!.text));
    expect([answer.status, answer.body.code]).toEqual([422, 'policy-refused']);
    expect(await emailsOf(userId)).toEqual(['safe@acme.example', mail]);
    const audit = await acme.operator('GET', `/users/${userId}/audit?action=notice.repudiated`);
    expect(audit.body.items).toHaveLength(1);
  });

  test('of whom “this was not me” got rid takes nothing back any more', async () => {
    const { userId, mail } = await newPerson();
    await put(userId, 'evil@zebra.example');
    const [toEvil, toOwner] = (await mails()).sort((one, other) => one.to.localeCompare(other.to)).reverse();
    expect([toEvil!.to, toOwner!.to]).toEqual(['evil@zebra.example', mail]);
    await repudiate(linkIn(toOwner!.text));
    expect(await emailsOf(userId)).toEqual([mail]);
    const repairs = await mails();
    expect(repairs.filter(({ to }) => to === 'evil@zebra.example').map(({ text }) => linkIn(text))).toEqual([
      undefined,
    ]);
    expect((await repudiate(linkIn(toEvil!.text))).status).toBe(422);
    expect(await emailsOf(userId)).toEqual([mail]);
  });
});

describe('what came into being in a session that is not theirs', () => {
  const as = (token: string, method: string, path: string, body?: object) =>
    app.api(method, `${D}/users/${path}`, { token, ...(body && { body }) });

  test('of a stolen recovery code: a factor, and the session itself', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    await mails();
    const stolen = await acme.fullSession(account, () => ({ method: 'recovery-code', code: ada.codes[0]! }));
    const [used] = await told(ada.mail, 'A recovery code was used');
    const added = await as(stolen, 'POST', `${ada.userId}/factors`, { type: 'totp' });
    const { factorId, secret } = added.body as { factorId: string; secret: string };
    const confirm = { code: totpCode(secret, now()) };
    await as(stolen, 'POST', `${ada.userId}/factors/${factorId}/confirm`, confirm);
    world.clock.advance(60);
    expect((await repudiate(linkIn(used!.text))).status).toBe(200);
    const code = { method: 'totp', factorId, code: totpCode(secret, now()) };
    expect((await acme.answer(await acme.challenge(ada.userId), code)).status).not.toBe(200);
    expect((await as(stolen, 'GET', `${ada.userId}/security`)).status).toBe(401);
    const own = { method: 'totp', factorId: ada.factorId, code: totpCode(ada.secret, now()) };
    expect((await acme.answer(await acme.challenge(ada.userId), own)).status).toBe(200);
  });

  test('of whoever switched two-step verification off, twice: it is on, tokens and sessions are gone', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    const other = await acme.fullSession(account, totp(ada));
    world.clock.advance(60);
    const stolen = await acme.fullSession(account, totp(ada));
    const expiresAt = new Date(now() + 86_400_000).toISOString();
    const terms = { name: 'cron', scopes: ['security:read'], expiresAt };
    const { token } = (await as(stolen, 'POST', `${ada.userId}/access-tokens`, terms)).body as {
      token: string;
    };
    await mails();
    expect((await as(stolen, 'POST', `${ada.userId}/two-step/disable`)).status).toBe(204);
    const [off] = await told(ada.mail, 'Two-step verification is off');
    expect((await repudiate(linkIn(off!.text))).status).toBe(200);
    const security = await acme.service('GET', `/users/${ada.userId}/security`);
    expect(security.body.twoStep.enabled).toBe(true);
    expect((await as(stolen, 'GET', `${ada.userId}/security`)).status).toBe(401);
    expect((await as(token, 'GET', `${ada.userId}/security`)).status).toBe(401);
    expect(other).toBeDefined();
    // the owner switches it off: what was said before is not done again
    await acme.service('POST', `/users/${ada.userId}/two-step/disable`);
    await repudiate(linkIn(off!.text));
    expect((await acme.service('GET', `/users/${ada.userId}/security`)).body.twoStep.enabled).toBe(false);
  });

  test('of whoever set everything up anew: the codes too', async () => {
    await acme.service('PUT', '/users/new-here', { emails: ['new-here@acme.example'] });
    const account = await acme.account('new-here');
    const token = (await acme.signIn(account)).body.session.token as string;
    const added = await as(token, 'POST', 'new-here/factors', { type: 'totp' });
    const { factorId, secret } = added.body as { factorId: string; secret: string };
    await as(token, 'POST', `new-here/factors/${factorId}/confirm`, { code: totpCode(secret, now()) });
    expect((await as(token, 'POST', 'new-here/recovery-codes')).status).toBe(201);
    const [notice] = await told('new-here@acme.example', 'A sign-in method was added');
    await repudiate(linkIn(notice!.text));
    expect((await acme.service('GET', '/users/new-here/recovery-codes')).status).toBe(404);
    expect((await as(token, 'GET', 'new-here/security')).status).toBe(401);
  });

  test('of whoever added a factor: a token, and the password that was set in the session before', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    const stolen = await acme.fullSession(account, totp(ada));
    const body = { password: `${PASSWORD} III` };
    const goesOn = (await app.api('POST', '/v1/identity/password', { token: stolen, body })).body
      .token as string;
    const expiresAt = new Date(now() + 86_400_000).toISOString();
    const terms = { name: 'cron', scopes: ['security:read'], expiresAt };
    const { token } = (await as(goesOn, 'POST', `${ada.userId}/access-tokens`, terms)).body as {
      token: string;
    };
    await mails();
    const added = await as(goesOn, 'POST', `${ada.userId}/factors`, { type: 'totp' });
    const { factorId, secret } = added.body as { factorId: string; secret: string };
    const confirm = { code: totpCode(secret, now()) };
    await as(goesOn, 'POST', `${ada.userId}/factors/${factorId}/confirm`, confirm);
    expect((await as(token, 'GET', `${ada.userId}/security`)).status).toBe(200);
    const [notice] = await told(ada.mail, 'A sign-in method was added');
    await repudiate(linkIn(notice!.text));
    expect((await as(token, 'GET', `${ada.userId}/security`)).status).toBe(401);
    expect((await acme.signIn({ ...account, ...body })).status).toBe(401);
    const { items } = (await acme.operator('GET', `/users/${ada.userId}/audit?action=access-token.revoked`))
      .body;
    expect(items).toHaveLength(1);
  });

  test('of whoever set a password and went on in another session: both end', async () => {
    const ada = await newPerson();
    const account = await acme.account(ada.userId);
    const stolen = await acme.fullSession(account, totp(ada));
    await mails();
    const changed = await app.api('POST', '/v1/identity/password', {
      token: stolen,
      body: { password: `${PASSWORD} II` },
    });
    const goesOn = changed.body.token as string;
    expect((await as(goesOn, 'GET', `${ada.userId}/security`)).status).toBe(200);
    const [set] = await told(ada.mail, 'Your password was set');
    await repudiate(linkIn(set!.text));
    expect((await as(goesOn, 'GET', `${ada.userId}/security`)).status).toBe(401);
    expect((await acme.signIn({ ...account, password: `${PASSWORD} II` })).status).toBe(401);
  });
});

test('nothing of it is done again when everything is heard again', async () => {
  await world.sent();
  const end = await world.store.end();
  await world.forgetWhatWasHeard();
  app = await world.start();
  await world.sent();
  const news = await world.store.readAll(end, 100);
  expect(news.filter(({ type }) => type !== 'PasswordRejected')).toEqual([]); // told late, and by nobody who hears
});
