import { eventually, totpCode, wrongCode } from '@sparekey/testing';
import type { Page } from 'playwright-core';
import {
  CHROMIUM,
  focusOn,
  heading,
  usePages,
  visitWhatLeadsOn,
  withChromium,
  type Visitor,
} from './pages.ts';

/* What administrators, the help desk and auditors do in a browser, in a real one. */

withChromium(`pages of administrators, in Chromium (${CHROMIUM})`, () => {
  const pages = usePages();
  const { complaints, visitor, signIn, setUp, isForEverybody } = pages;
  let root: Visitor;
  let page: Page;
  let secret: string;

  /** Signs in with both steps: roles have effect in no other session. */
  async function signInWhole(one: Visitor, itsSecret: string): Promise<void> {
    await signIn(one);
    await focusOn(one.page, 'code');
    await one.page.keyboard.type(totpCode(itsSecret, Date.now() + 30_000));
    await one.page.waitForURL('**/security');
  }
  const open = async (name: string) => {
    await page.getByRole('link', { name, exact: true }).click();
    await heading(page, name);
  };

  beforeAll(async () => {
    root = await visitor('root');
    ({ page } = root);
    ({ secret } = await setUp(root));
    const body = { emails: ['root@acme.example'], displayName: 'Ines Claes', roles: ['administrator'] };
    await pages.acme.operator('PUT', '/users/root', body);
    for (const [user, displayName] of [
      ['bob', 'Bob Janssens'],
      ['elif', 'Elif Yılmaz'],
      ['mallory', '<b>Mallory</b> هاتف'],
    ] as const) {
      const person = { emails: [`${user}@acme.example`], displayName };
      expect((await pages.acme.service('PUT', `/users/${user}`, person)).status).toBe(201);
    }
    await pages.areListed('mallory');
    await root.context.clearCookies();
    await signInWhole(root, secret);
  }, 120_000);

  beforeEach(async () => {
    await visitWhatLeadsOn(page, `${pages.standalone.url}/security`); // the last tests begin signed out
    await heading(page, /^Se|^Si/);
  }, 60_000);

  test('people are found, added, changed, given roles', async () => {
    await open('People');
    await page.getByRole('link', { name: 'Bob Janssens' }).waitFor();
    await isForEverybody(page, 'people');
    await page.keyboard.press('/');
    await page.keyboard.type('elif@acme.example');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/people?query=elif%40acme.example');
    await page.getByRole('link', { name: 'Bob Janssens' }).waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('link', { name: /^No second step/ }).click();
    await page.waitForURL('**/people?state=off');
    await page.getByRole('link', { name: 'Bob Janssens' }).click();
    await heading(page, 'Bob Janssens');
    await page.getByText('Two-step verification is off').waitFor();
    await page.locator('.entry').first().waitFor();
    await isForEverybody(page, 'person');
    await page.getByRole('button', { name: 'Change details' }).click();
    await isForEverybody(page, 'person-details');
    await page.getByLabel('Name', { exact: true }).fill('Bob J.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The details are saved.').waitFor();
    await heading(page, 'Bob J.');
    await page.getByRole('button', { name: 'Login and password' }).click();
    expect(await page.getByRole('textbox', { name: 'Login' }).inputValue()).toBe(''); // there is no account yet, and an address is no login
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Roles' }).click();
    await page.getByLabel('Auditor').check();
    await isForEverybody(page, 'person-roles');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The roles are changed.').waitFor();
    await open('Administrators');
    await page.getByRole('heading', { name: 'Bob J.' }).waitFor();
    await isForEverybody(page, 'administrators');
    await open('People');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('User id').fill('bob');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click();
    await page.getByText('This id is taken').waitFor();
    await page.getByLabel('User id').fill('new-one');
    await page.getByLabel('E-mail addresses, one a line').fill('not an address');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click();
    await page.getByText('must be addresses that mail reaches').waitFor();
    await isForEverybody(page, 'person-add-refused');
    await page.getByLabel('E-mail addresses, one a line').fill('new@acme.example\nsecond@acme.example');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click();
    await heading(page, 'new@acme.example');
  }, 180_000);

  test('what is dear takes a fresh proof on the page, and then goes on by itself', async () => {
    let isFirst = true;
    await page.route('**/v1/**/api-tokens', async (route) => {
      if (route.request().method() !== 'POST' || !isFirst) return route.continue();
      isFirst = false;
      const problem = {
        type: 'urn:sparekey:problem:step-up-required',
        title: 'Unauthorized',
        status: 401,
        code: 'step-up-required',
        missing: ['password', 'second-step'],
      };
      return route.fulfill({ status: 401, contentType: 'application/problem+json', json: problem });
    });
    await open('API tokens');
    await isForEverybody(page, 'api-tokens-none');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name').fill('nightly report');
    await page.getByLabel('Role').selectOption('auditor');
    await isForEverybody(page, 'api-token-new');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByText('Show that it is you').waitFor();
    await isForEverybody(page, 'step-up');
    await page.getByLabel('Password').fill('not it');
    await page.keyboard.press('Enter');
    await page.getByText('This is not your password').waitFor();
    await page.getByLabel('Password').fill(root.password);
    await page.keyboard.press('Enter');
    await page.getByLabel('Code from your authenticator app').waitFor();
    await page.waitForTimeout(30_000 - (Date.now() % 30_000) + 1_000); // the code before is spent
    await page.keyboard.type(totpCode(secret, Date.now() + 30_000));
    await page.getByText('Your new token').waitFor();
    await isForEverybody(page, 'api-token-made');
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('heading', { name: 'nightly report' }).waitFor();
    await page.getByRole('button', { name: 'Revoke nightly report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('nightly report is revoked.').waitFor();
  }, 180_000);

  test('the policy is a form with its bounds, is saved, and keeps its history', async () => {
    await open('Policy');
    await page.getByLabel('Digits in a code').waitFor();
    await isForEverybody(page, 'policy');
    await page.getByLabel('A second step stays open for').fill('120');
    await page.getByText('1 change is not saved').waitFor();
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByLabel('A second step stays open for').fill('9999');
    await page.getByRole('button', { name: 'Save the change…' }).click();
    expect(await page.locator('dialog[open]').count()).toBe(0); // the browser itself says what the bound is
    await page.getByLabel('A second step stays open for').fill('120');
    await isForEverybody(page, 'policy-changed');
    await page.getByRole('button', { name: 'Save the change…' }).click();
    await page.getByText('A second step stays open for: from 300 seconds to 120 seconds').waitFor();
    await isForEverybody(page, 'policy-save');
    await page.getByRole('dialog').getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('The policy is saved.').waitFor();
    await page.getByRole('heading', { name: 'Version 1' }).waitFor();
    const etag = String((await pages.acme.operator('GET', '/policy')).headers.etag);
    await page.getByLabel('Tries in one second step').fill('4');
    const { body } = await pages.acme.operator('GET', '/policy');
    await pages.standalone.api('PUT', '/v1/domains/acme/policy', {
      token: pages.standalone.operatorToken,
      headers: { 'if-match': etag },
      body: { ...body, maxFactors: 9 },
    });
    await page.getByRole('button', { name: 'Save the change…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('Somebody else has saved the policy').waitFor();
    await isForEverybody(page, 'policy-stale');
    await page.getByRole('button', { name: 'Show it anew' }).click();
    await page.getByRole('heading', { name: 'Version 2' }).waitFor();
  }, 180_000);

  test('the audit log is filtered by its address, opened, live and exported', async () => {
    const followed = page.waitForResponse('**/audit/stream?**');
    await open('Audit log');
    await followed;
    await page.locator('.entry').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('.entry > summary').first().click();
    await isForEverybody(page, 'audit');
    await pages.acme.service('PUT', '/users/late', { emails: ['late@acme.example'] });
    const [fresh, late] = [
      page.getByRole('button', { name: /new entr/ }),
      page.locator('.entry', { hasText: 'late' }),
    ];
    await eventually(async () => {
      if (await fresh.isVisible()) await fresh.click(); // the look of the stream itself may come first
      return (await late.count()) > 0 || undefined;
    });
    await page.getByLabel('What happened').selectOption('policy.changed');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.waitForURL('**/audit?action=policy.changed');
    await page.locator('.entry', { hasText: 'late' }).waitFor({ state: 'detached' });
    await page.locator('.entry').nth(1).waitFor();
    expect(await page.locator('.entry').count()).toBe(2);
    await page.getByRole('button', { name: 'Export' }).click();
    await isForEverybody(page, 'audit-export');
    const waiting = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await waiting).suggestedFilename()).toMatch(/\.ndjson$/);
    await page.goto(`${pages.standalone.url}/audit?user=nobody`);
    await page.getByText('No entry fits these filters.').waitFor();
    await isForEverybody(page, 'audit-none');
  }, 180_000);

  test('services are registered, changed and removed', async () => {
    await open('Services');
    await page.getByRole('button', { name: 'Register a service' }).click();
    await page.getByLabel('Id', { exact: true }).fill('web-shop');
    await page.getByLabel('Name').fill('Acme Shop');
    await page.getByLabel('Return addresses, one a line').fill('http://shop.example/x');
    await page.getByRole('dialog').getByRole('button', { name: 'Register a service' }).click();
    await page.getByText('This was not taken').waitFor();
    await isForEverybody(page, 'service-refused');
    await page.getByLabel('Return addresses, one a line').fill('https://shop.example/back');
    await page.getByRole('dialog').getByRole('button', { name: 'Register a service' }).click();
    await page.getByText('Acme Shop is saved.').waitFor();
    await isForEverybody(page, 'services');
    await page.getByRole('button', { name: 'Test a sign-in Payroll' }).click();
    const trial = page.locator('dialog[open]');
    await trial.getByText('Nothing yet.').waitFor();
    const frank = await pages.acme.enrolBefore('frank');
    const challengeId = await pages.acme.challenge('frank');
    await trial.getByText('It asked for a second step').waitFor();
    await pages.acme.answer(challengeId, { method: 'totp', code: wrongCode(frank.secret, Date.now()) });
    await trial.getByText('A wrong code was given').waitFor();
    await pages.acme.answer(challengeId, { method: 'totp', code: totpCode(frank.secret, Date.now()) });
    await trial.getByText('It works: the second step was passed.').waitFor();
    await isForEverybody(page, 'service-test');
    await trial.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Remove Acme Shop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Acme Shop is removed.').waitFor();
    await open('Identity providers');
    await page.getByText('There is none: people sign in with a password.').waitFor();
    await isForEverybody(page, 'identity-providers-none');
  }, 180_000);

  test('people and policy by keyboard alone', async () => {
    const { keyboard } = page;
    const focused = () =>
      page.evaluate<string>(
        `(() => { const e = document.activeElement; return (e.labels?.[0] ?? e).textContent.trim(); })()`,
      );
    const tabTo = async (name: string) => {
      for (let n = 0; n < 80; n++) {
        if ((await focused()).startsWith(name)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`no Tab leads to ${name}; the last was ${await focused()}`);
    };
    await tabTo('People');
    await keyboard.press('Enter');
    await heading(page, 'People');
    await page.getByRole('link', { name: 'Bob' }).waitFor();
    await keyboard.press('/');
    await keyboard.type('elif');
    await keyboard.press('Enter');
    await page.waitForURL('**/people?query=elif');
    await page.getByRole('link', { name: 'Bob' }).waitFor({ state: 'detached' });
    await tabTo('Elif');
    await keyboard.press('Enter');
    await heading(page, 'Elif Yılmaz');
    await tabTo('Change details');
    await keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('dialog form').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Change details'); // the focus comes back
    await keyboard.press('Enter');
    await tabTo('Name');
    await keyboard.press('Control+A');
    await keyboard.type('Elif Yılmaz-Peeters');
    await keyboard.press('Enter');
    await heading(page, 'Elif Yılmaz-Peeters');
    await page.goto(`${pages.standalone.url}/policy`);
    await page.getByLabel('A second step stays open for').waitFor();
    await tabTo('A second step stays open for');
    await keyboard.press('Control+A');
    await keyboard.type('240');
    await tabTo('Save the change');
    await keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await tabTo('Save');
    await keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.reload();
    expect(await page.getByLabel('A second step stays open for').inputValue()).toBe('240');
  }, 120_000);

  test('readiness is told in one sentence, shares, and lines over time', async () => {
    const day = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 10);
    const trend = [
      { day: day(80), people: 1_000, twoStep: 610, noSecondWay: 338 },
      { day: day(40), people: 1_100, twoStep: 900, noSecondWay: 200 },
      { day: day(0), people: 1_248, twoStep: 1_161, noSecondWay: 12 },
    ];
    const { people, twoStep, noSecondWay } = trend[2]!;
    const readiness = { people, twoStep, noSecondWay, codesLow: 31, deadlineNear: 41, trend };
    await page.route('**/v1/**/readiness', (route) => route.fulfill({ json: readiness }));
    await open('Readiness');
    await page.getByText('1,149 of 1,248').waitFor();
    await isForEverybody(page, 'readiness');
    await page.unroute('**/v1/**/readiness');
    await page.reload();
    await page.getByText('have another way').waitFor();
    await isForEverybody(page, 'readiness-first-day');
  }, 120_000);

  test('the API is tried from a page, and every component shows all its states', async () => {
    await page.goto(`${pages.standalone.url}/docs`);
    await page.getByText('GET /v1/identity/sessions/current').click();
    const call = page.locator('details[open]');
    await call.getByRole('button', { name: 'Send' }).click();
    await call.getByRole('heading', { name: 'Answer 200' }).waitFor();
    await call.getByText('"userId": "root"').waitFor();
    await isForEverybody(page, 'docs');
    await page.getByText('GET /v1/identity/sessions/current').click();
    await page.getByText('POST /v1/identity/sign-in').click();
    await call.getByLabel('Body (JSON)').fill('{ "domain": ');
    await call.getByRole('button', { name: 'Send' }).click();
    await call.getByText('This is not valid JSON yet.').waitFor();
    await call.getByLabel('Body (JSON)').fill('{ "domain": "acme", "login": "nobody", "password": "none" }');
    await call.getByRole('button', { name: 'Send' }).click();
    await call.getByRole('heading', { name: 'Answer 401' }).waitFor();
    await page.goto(`${pages.standalone.url}/dev/components`);
    await heading(page, 'Components');
    await page.getByText('You seem to be offline.').waitFor();
    await isForEverybody(page, 'components');
    await page.getByRole('button', { name: 'Open a dialog' }).click();
    await page.locator('dialog[open]').waitFor();
    await isForEverybody(page, 'components-dialog');
  }, 180_000);

  test('one’s own pages: profile, log, tokens, sessions everywhere', async () => {
    await open('Profile');
    await page.getByLabel('Name').fill('Ines C.');
    await isForEverybody(page, 'profile');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your profile is saved.').waitFor();
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByLabel('New password', { exact: true }).fill('password');
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByText('This password is too short').waitFor();
    await isForEverybody(page, 'change-password-refused');
    const password = `${root.password} and more`;
    await page.getByLabel('New password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Change it' }).click();
    await page.getByText('Your password is changed.').waitFor();
    root = { ...root, password };
    await open('Security log');
    await page.locator('.log li').first().waitFor();
    await isForEverybody(page, 'security-log');
    await open('Access tokens');
    await isForEverybody(page, 'access-tokens');
    await open('Security');
    await page.getByText('This browser').waitFor();
    await isForEverybody(page, 'security-sessions');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await isForEverybody(page, 'sign-out-everywhere');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('You are signed out.').waitFor();
    await visitWhatLeadsOn(page, `${pages.standalone.url}/people`);
    await heading(page, /^Sign in/);
  }, 180_000);

  test('two-step verification is turned off, and asked for no more', async () => {
    const grace = await visitor('grace');
    await setUp(grace);
    await isForEverybody(grace.page, 'turn-off-before');
    await grace.page.getByRole('button', { name: 'Turn off two-step verification' }).click();
    await isForEverybody(grace.page, 'turn-off');
    await grace.page.getByRole('button', { name: 'Turn it off' }).click();
    await grace.page.getByText('Two-step verification is off. Sign in with your password.').waitFor();
    await grace.page.getByLabel('Email or login').fill(grace.login);
    await grace.page.getByLabel('Password').fill(grace.password);
    await grace.page.keyboard.press('Enter');
    await heading(grace.page, /^(Choose|Save|Set up)/);
    await grace.page.goto(`${pages.standalone.url}/security`);
    await grace.page.getByRole('heading', { name: 'Two-step verification is off' }).waitFor();
    await grace.context.close();
  }, 120_000);

  test('the operator shows the token, sees the health of the installation, and has a read model made anew', async () => {
    const context = await root.context.browser()!.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    const operator = await context.newPage();
    await operator.goto(`${pages.standalone.url}/operator`);
    await heading(operator, 'Operator');
    await isForEverybody(operator, 'operator-token');
    await operator.getByLabel('Operator’s token').fill('not it');
    await operator.keyboard.press('Enter');
    await operator.getByText('This is not the operator’s token.').waitFor();
    await operator.getByLabel('Operator’s token').fill(pages.standalone.operatorToken);
    await operator.keyboard.press('Enter');
    await heading(operator, 'Health');
    await operator.getByText('It is ready').waitFor();
    await operator.getByText('There is none.').waitFor();
    await isForEverybody(operator, 'health');
    await operator.getByRole('button', { name: 'Make anew audit' }).click();
    await isForEverybody(operator, 'health-rebuild');
    await operator.getByRole('dialog').getByRole('button', { name: 'Make anew' }).click();
    await operator.getByText('audit is being made anew.').waitFor();
    await operator.getByText('generation 2').first().waitFor();
    expect(await operator.evaluate('document.cookie')).toBe('');
    await operator.getByRole('button', { name: 'Leave' }).last().click();
    await heading(operator, 'Operator');
    await context.close();
  }, 180_000);

  test.each([
    ['help-desk', ['People'], ['Audit log', 'Policy', 'Readiness', 'API tokens']],
    ['auditor', ['Audit log'], ['People', 'Policy', 'Readiness', 'API tokens']],
  ])(
    '%s has its own pages, and is refused nothing on them',
    async (role, has, hasNot) => {
      const one = await visitor(`of-${role}`);
      await pages.acme.operator('PUT', `/users/of-${role}`, { displayName: role, roles: [role] });
      await signIn(one);
      await one.page.getByRole('button', { name: 'Skip for now' }).click();
      await one.page.getByText('You have a role here.').waitFor(); // which has no effect without a second step
      await one.context.clearCookies();
      const { secret: its } = await setUp(one);
      await one.context.clearCookies();
      await signInWhole(one, its);
      const refused: string[] = [];
      one.page.on('response', (response) => {
        if ([401, 403].includes(response.status())) refused.push(response.url());
      });
      for (const name of has) {
        await one.page.getByRole('link', { name, exact: true }).click();
        await heading(one.page, name);
        await one.page.locator('.ghosts').waitFor({ state: 'detached' });
      }
      if (role === 'help-desk') {
        await one.page.getByRole('link', { name: 'Elif Yılmaz' }).click();
        await one.page.getByText('Two-step verification is off').waitFor();
        expect(await one.page.getByRole('button', { name: 'Change details' }).count()).toBe(0);
      }
      for (const name of hasNot)
        expect([name, await one.page.getByRole('link', { name, exact: true }).count()]).toEqual([name, 0]);
      await one.page.locator('.ghosts').waitFor({ state: 'detached' });
      expect(refused).toEqual([]);
      await one.context.close();
    },
    60_000,
  );

  test('who has no role sees no page of administrators, and no script complained', async () => {
    const plain = await visitor('plain');
    await signIn(plain);
    await plain.page.getByRole('button', { name: 'Skip for now' }).click();
    await plain.page.waitForURL('**/security');
    await heading(plain.page, 'Security');
    expect(await plain.page.getByRole('link', { name: 'People' }).count()).toBe(0);
    await visitWhatLeadsOn(plain.page, `${pages.standalone.url}/people`);
    await plain.page.waitForURL('**/security');
    expect(complaints).toEqual([]);
  }, 120_000);
});
