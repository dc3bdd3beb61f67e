import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codec } from '@sparekey/contracts';
import { Tenant, totpCode, World, wrongCode } from '@sparekey/testing';

/** Every way that a secret may lie around: as it is, folded, encoded, in a string of JSON. */
function spellings(mark: string): string[] {
  const bytes = Buffer.from(mark, 'utf8');
  const inner = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    mark,
    mark.toLowerCase(),
    mark.replaceAll(/[-\s]/g, ''),
    bytes.toString('hex'),
    ...inner.filter((text) => text.length >= 8),
  ];
}

/** Six digits stand in any large file by chance: those are looked for as JSON would write them. */
const needlesOf = (mark: string) =>
  spellings(mark).flatMap((text) =>
    /^\d{6}$/.test(text) ? [`"${text}"`, `:${text},`, `:${text}}`] : [text],
  );

test('no secret and nothing personal stands in clear in the data directory, in the log lines or in the metrics', async () => {
  const world = new World();
  const app = await world.start();
  const acme = await Tenant.create(app.api, world.operatorToken);
  const now = () => world.clock.now();
  const marks = new Map<string, string>([
    ['e-mail address', 'canary.mail@zebra.example'],
    ['telephone number', '+14155550199'],
    ['display name', 'Canary Displayname'],
    ['factor name', 'Canary Factorname'],
    ['token name', 'Canary Tokenname'],
    ['address', '203.0.113.77'],
    ['user agent', 'CanaryAgent/7.7'],
    ['operator token', world.operatorToken],
    ['API token', acme.token],
  ]);
  const rejected = { code: 'CANARY-CODE-77', recovery: '07-CANA-RYXX-CANA-RYZZ' };
  marks.set('mistyped code', rejected.code).set('mistyped recovery code', rejected.recovery);

  await acme.operator('POST', '/api-tokens', { name: marks.get('token name'), role: 'auditor' });
  await acme.service('PUT', '/users/ada', {
    emails: [marks.get('e-mail address')],
    phone: marks.get('telephone number'),
    displayName: marks.get('display name'),
  });
  const { body: factor } = await acme.service('POST', '/users/ada/factors', {
    type: 'totp',
    name: marks.get('factor name'),
  });
  marks.set('TOTP secret', factor.secret);
  const confirm = (code: string) =>
    acme.service('POST', `/users/ada/factors/${factor.factorId}/confirm`, { code });
  await confirm(wrongCode(factor.secret, now()));
  marks.set('confirming code', totpCode(factor.secret, now()));
  await confirm(marks.get('confirming code')!);
  const { codes } = await acme.issueCodes('ada');
  codes.forEach((code, n) =>
    marks.set(`recovery code ${n + 1}`, code).set(`its symbols ${n + 1}`, code.slice(3).replaceAll('-', '')),
  );
  await acme.service('POST', '/users/ada/two-step/enable');
  world.clock.advance(90);
  const context = { ip: marks.get('address'), userAgent: marks.get('user agent') };
  const open = async () => (await acme.open('ada', { context, signInId: 's-1' })).body.challengeId as string;
  const [first, second] = [await open(), await open()];
  marks.set('challenge id', first).set('second challenge id', second);
  await acme.answer(first, { method: 'totp', code: rejected.code });
  await acme.answer(first, { method: 'recovery-code', code: rejected.recovery });
  marks.set('accepted code', totpCode(factor.secret, now()));
  const passed = await acme.answer(first, { method: 'totp', code: marks.get('accepted code') });
  marks.set('result', passed.body.result);
  expect((await acme.answer(second, { method: 'recovery-code', code: codes[0] })).status).toBe(200);
  await app.api('GET', `/v1/challenges/${second}`);
  await app.api('POST', `/v1/challenges/${second}/answers`, { body: `{"code":"${codes[1]}` });
  await acme.service('GET', '/users/ada/security');

  // signing in: by password, with a new one, by session, cookie and access token
  const signIn = (password: string, headers: Record<string, string> = {}) =>
    app.api('POST', '/v1/identity/sign-in', {
      body: { domain: 'acme', login: marks.get('login'), password },
      headers: { 'user-agent': marks.get('user agent')!, ...headers },
    });
  marks
    .set('login', 'canary.login@zebra.example')
    .set('password', 'Canary nests in eleven poplars')
    .set('wrong password', 'Canary nests in twelve poplars')
    .set('new password', 'Canary sings in thirteen willows')
    .set('access token name', 'Canary Scriptname')
    .set('mistyped login', 'canary.typo@zebra.example');
  const account = { login: marks.get('login'), password: marks.get('password') };
  expect((await acme.service('PUT', '/users/ada/account', account)).status).toBe(201);
  await signIn(marks.get('wrong password')!);
  await app.api('POST', '/v1/identity/sign-in', {
    body: { domain: 'acme', login: marks.get('mistyped login'), password: marks.get('wrong password') },
  });
  world.clock.advance(30);
  const stepped = await signIn(marks.get('password')!);
  marks.set('challenge id of a sign-in', stepped.body.challenge.challengeId);
  const shown = { method: 'totp', code: totpCode(factor.secret, now()) };
  const { result } = (await acme.answer(stepped.body.challenge.challengeId, shown)).body;
  const session = await app.api('POST', '/v1/identity/sessions', { body: { result } });
  const { token } = session.body;
  marks.set('result of a sign-in', result).set('session', token);
  marks.set('known browser', String(session.headers['set-cookie']).split(';')[0]!.split('=')[1]!);
  const terms = { name: marks.get('access token name'), scopes: ['security:read'] };
  const expiresAt = new Date(now() + 86_400_000).toISOString();
  const access = await app.api('POST', '/v1/domains/acme/users/ada/access-tokens', {
    token,
    body: { ...terms, expiresAt },
  });
  marks.set('access token', access.body.token);
  await app.api('GET', '/v1/domains/acme/users/ada/security', { token: access.body.token });
  const unconfirmed = { token, body: { password: marks.get('wrong password') } };
  await app.api('POST', '/v1/identity/confirm-password', unconfirmed);
  const change = { token, body: { password: marks.get('new password') } };
  expect((await app.api('POST', '/v1/identity/password', change)).status).toBe(200);
  const cookie = { 'sparekey-session': 'cookie', origin: 'http://localhost:4000' };
  expect((await signIn(marks.get('new password')!, cookie)).status).toBe(200);
  const hosted = {
    signInId: 's-9',
    returnUrl: 'https://payroll.acme.example/back',
    codeChallenge: 'c'.repeat(43),
  };
  await acme.operator('PUT', '/services/payroll', {
    displayName: 'Payroll',
    onBehalf: true,
    returnUrls: [hosted.returnUrl],
  });
  world.clock.advance(30);
  const page = await acme.open('ada', hosted);
  const code = { method: 'recovery-code', code: codes[2] };
  const to = (await acme.answer(page.body.challengeId, code)).body.redirectTo as string;
  marks.set('result code', new URL(to).searchParams.get('code')!);
  await acme.service('POST', '/results', { code: marks.get('result code'), codeVerifier: 'v'.repeat(43) });
  await acme.service('DELETE', `/users/ada/factors/${factor.factorId}`);

  // told and remembered: mails, the links in them, the audit log, the directory
  await world.sent();
  const mails = world.inbox.messages;
  expect(mails.length).toBeGreaterThan(10);
  expect(new Set(mails.map(({ to }) => to))).toEqual(
    new Set([marks.get('e-mail address'), marks.get('telephone number')]),
  );
  const links = mails.flatMap(({ text }) => /notice#(\S+)/.exec(text)?.[1] ?? []);
  links.forEach((link, n) => marks.set(`link of notice ${n}`, link));
  await app.api('POST', `/v1/notices/${links[0]}/repudiate`);
  mails.forEach(({ text }, n) => marks.set(`text of notice ${n}`, text.split('\n')[0]!));
  const entries = (await acme.operator('GET', '/audit?limit=200')).body;
  expect(JSON.stringify(entries)).toContain(marks.get('user agent'));
  const found = await acme.operator('GET', `/users?query=${marks.get('e-mail address')}`);
  expect(found.body.items).toMatchObject([{ userId: 'ada', emails: [marks.get('e-mail address')] }]);
  const globex = await Tenant.create(app.api, world.operatorToken, 'globex');
  await world.sent();
  const foreign = await globex.operator('GET', '/audit/export?format=ndjson');
  const lines = await acme.operator('GET', '/audit/export?format=csv');
  expect(lines.body).toContain(marks.get('address'));
  const { body: metrics } = await app.api('GET', '/metrics');

  // what an argon2id digest or a sealed blob decodes to is looked for too: the digests' own fields
  marks.set('digest field', '"pepper"').set('digest salt field', '"salt"');

  const files = readdirSync(world.path).map((name) => [name, readFileSync(join(world.path, name))] as const);
  const places: (readonly [string, Buffer])[] = [
    ...files,
    ['log lines', Buffer.from(app.log.join(''))],
    ['metrics', Buffer.from(metrics)],
    ['the export of another domain', Buffer.from(foreign.body)],
  ];
  expect(places.map(([place]) => place)).toEqual(
    expect.arrayContaining(['views.db', 'listeners.db', 'log.db']),
  );
  expect(app.log.length).toBeGreaterThan(20);
  const leaks = [...marks].flatMap(([what, mark]) =>
    places
      .filter(([, bytes]) => needlesOf(mark).some((needle) => bytes.includes(needle)))
      .map(([place]) => `${what} in ${place}`),
  );
  expect(leaks).toEqual([]);

  // the search itself is seen to find: what may stand in clear does
  const log = Buffer.concat(files.filter(([name]) => name.startsWith('log.db')).map(([, bytes]) => bytes));
  expect(log.includes('Payroll')).toBe(true);
  expect(Buffer.from(app.log.join('')).includes('/v1/challenges/:challengeId/answers')).toBe(true);
  const events = await world.store.readAll(undefined, 1_000);
  expect(events.map((event) => codec.decode(event).type)).toContain('RecoveryCodesGenerated');
  await world.close();
});
