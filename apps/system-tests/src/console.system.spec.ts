import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { totpCode, wrongCode } from '@sparekey/testing';
import { PAGES } from '@sparekey/console';
import { CHROMIUM, focusOn, heading, toApp, usePages, visitWhatLeadsOn, withChromium } from './pages.ts';

/* What people do in a browser, in a real one. */

withChromium(`pages, in Chromium (${CHROMIUM})`, () => {
  const pages = usePages();
  const { complaints, visitor, signIn, setUp, isForEverybody } = pages;

  test('two-step verification is set up in four pages after signing in, and every one of them is for everybody', async () => {
    const ada = await visitor('ada');
    const { page } = ada;
    await visitWhatLeadsOn(page, pages.standalone.url);
    await page.waitForURL('**/sign-in');
    await heading(page, 'Sign in');
    await isForEverybody(page, 'sign-in-organisation');
    await page.goto(`${pages.standalone.url}/sign-in/acme`);
    await page.getByLabel('Email or login').fill(ada.login);
    await page.getByLabel('Password').fill('not it');
    await page.keyboard.press('Enter');
    await page.getByText('do not go together').waitFor();
    await isForEverybody(page, 'sign-in-refused');
    await page.getByLabel('Password').fill(ada.password);
    await page.keyboard.press('Enter');
    await toApp(page);
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await isForEverybody(page, 'set-up-scan');
    const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
    const field = page.getByLabel('Code from your authenticator app');
    await field.pressSequentially(wrongCode(secret, Date.now()));
    await page
      .getByText('This code was not accepted. Wait for the next one and try again; 4 tries left.')
      .waitFor();
    await isForEverybody(page, 'set-up-wrong');
    await page.keyboard.type(totpCode(secret, Date.now())); // what was refused is gone
    await page.keyboard.press('Enter'); // it is sent by itself once, then by the button
    await heading(page, 'Save your recovery codes');
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.getByText('Save the codes first, and tick that you have').waitFor();
    await isForEverybody(page, 'set-up-codes');
    await page.getByRole('button', { name: 'Print' }).click(); // whether a sheet came out only the person knows
    await page.getByText('Tick the box below once the sheet has been printed.').waitFor();
    expect(await page.getByLabel('I have saved my codes').isChecked()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.codes li:visible').count()).toBe(16);
    expect(await page.locator('button:visible').count()).toBe(0);
    await page.emulateMedia({ media: 'screen' });
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe('sparekey-recovery-codes.txt');
    const file = readFileSync(await download.path(), 'utf8');
    expect(file).toContain('Recovery codes of ada@acme.example at Acme');
    expect(file.match(/^\d\d(-[0-9A-Z]{4}){4}$/gm)).toHaveLength(16);
    expect(await page.getByLabel('I have saved my codes').isChecked()).toBe(true);
    const button = page.getByRole('button', { name: 'Turn on two-step verification' });
    await button.dblclick();
    await page.waitForURL('**/security');
    await page.getByRole('heading', { name: 'Two-step verification is on' }).waitFor();
    await page.getByText('16 of 16 left').waitFor();
    await isForEverybody(page, 'security');
    const { body } = await pages.acme.service('GET', '/users/ada/security');
    expect(body).toMatchObject({
      twoStep: { enabled: true },
      factors: [{ status: 'confirmed' }],
      missing: [],
    });
    await ada.context.close();
  }, 180_000);

  test('the QR code is read by another hand as what the page says', async () => {
    const { page, context, ...who } = await visitor('grace');
    await signIn({ page, context, ...who });
    await toApp(page);
    const picture = await page.getByRole('img', { name: 'QR code' }).screenshot();
    const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
    if (!existsSync('/usr/bin/zbarimg')) return console.log('skipped: there is no zbarimg here'); // CI has it
    const read = execFileSync('zbarimg', ['-q', '--raw', '-'], { input: picture }).toString();
    const uri = new URL(read.trim());
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(await page.locator('a[href^=otpauth]').getAttribute('href')).toBe(read.trim());
    await context.close();
  }, 60_000);

  test('signing in takes the code spaced as it is pasted, or a recovery code in any case', async () => {
    const bob = await visitor('bob');
    const { page } = bob;
    const { secret, codes } = await setUp(bob);
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await page.getByText('You are signed out.').waitFor();
    await signIn(bob);
    await heading(page, 'Enter your code');
    await isForEverybody(page, 'enter-code');
    const field = page.getByLabel('Code from your authenticator app');
    await field.fill('000 000');
    await page.getByText('4 tries left').waitFor();
    await page.keyboard.press('Enter'); // of habit: the same code is not sent again
    expect(await field.inputValue()).toBe('');
    await isForEverybody(page, 'enter-code-wrong');
    await field.fill(totpCode(secret, Date.now() + 30_000).replace(/(...)/, '$1 '));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/security');
    const lately = page.getByRole('region', { name: 'Lately' });
    await lately.getByRole('listitem').first().waitFor();
    while ((await lately.getByText('Second step with My authenticator app').count()) === 0) {
      await page.reload(); // the log's read model follows at once, and not in the same moment
      await lately.getByRole('listitem').first().waitFor();
    }
    await lately.getByText('A wrong code was given').waitFor();

    await bob.context.clearCookies();
    await signIn(bob);
    await page.getByRole('button', { name: /^Recovery code/ }).click();
    await isForEverybody(page, 'enter-recovery-code');
    await page.getByLabel('Recovery code').fill(codes[4]!.toLowerCase().replaceAll('-', ' '));
    await page.keyboard.press('Enter');
    await page.getByText('You signed in with a recovery code.').waitFor();
    await page.getByText('15 of 16 left').waitFor();
    await isForEverybody(page, 'security-by-recovery-code');
    await bob.context.close();
  }, 120_000);

  test('who did not start it ends it, and is told what to do', async () => {
    const eve = await visitor('eve');
    await setUp(eve);
    await eve.context.clearCookies();
    await signIn(eve);
    await eve.page.getByRole('button', { name: 'I did not start this' }).click();
    await eve.page.getByText('This sign-in has ended and let nobody in.').waitFor();
    await isForEverybody(eve.page, 'not-started');
    await eve.context.close();
  }, 60_000);

  test('a challenge that is over leads back to signing in', async () => {
    const ivan = await visitor('ivan');
    const { secret, codes } = await setUp(ivan);
    await ivan.context.clearCookies();
    await signIn(ivan);
    const field = ivan.page.getByLabel('Code from your authenticator app');
    for (const round of [1, 2]) {
      for (let left = 4; left >= 0; left--) {
        await field.fill(wrongCode(secret, Date.now()));
        if (left < 4) await ivan.page.keyboard.press('Enter'); // the first is sent by itself
        if (left > 0) await ivan.page.getByText(left === 1 ? '1 try left' : `${left} tries left`).waitFor();
      }
      await ivan.page.getByText('That was the last try, and this sign-in has closed.').waitFor();
      await heading(ivan.page, /^Sign in/);
      if (round === 2) await ivan.page.clock.install();
      await signIn(ivan);
      if (round === 1) await heading(ivan.page, 'Enter your code');
    }
    await heading(ivan.page, 'Codes are closed for a while');
    const left = await ivan.page.getByRole('timer').innerText();
    expect(left).toMatch(/^(0:\d\d|1:00)$/);
    await ivan.page.getByRole('timer').getByText(left, { exact: true }).waitFor({ state: 'detached' });
    await ivan.page.clock.fastForward(61_000); // by itself, when the minute is over by the page's clock
    await field.fill(totpCode(secret, Date.now() + 30_000));
    await ivan.page.getByRole('timer').waitFor(); // and by the server's it is not
    await isForEverybody(ivan.page, 'locked');
    await ivan.page.getByRole('button', { name: /^Recovery code Opens again at/ }).click();
    await ivan.page.getByRole('timer').waitFor();
    expect((await pages.acme.operator('POST', '/users/ivan/unlock')).status).toBe(204);
    await ivan.page.getByRole('button', { name: 'Try now' }).click(); // the help desk has opened them
    await ivan.page.getByLabel('Recovery code').fill(codes[0]!);
    await ivan.page.keyboard.press('Enter');
    await ivan.page.waitForURL('**/security');
    await ivan.context.close();
  }, 120_000);

  test('a method is renamed, and the last one stays', async () => {
    const judy = await visitor('judy');
    const { page } = judy;
    await setUp(judy);
    await page.getByRole('button', { name: 'Rename My authenticator app' }).click();
    await isForEverybody(page, 'rename');
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('turned \u202e round');
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').getByText('This cannot be used as it is typed.').waitFor();
    await name.fill('<b>Phone</b> هاتف 📱');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 3, name: '<b>Phone</b>' }).waitFor();
    await page
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.locator('dialog[open]').getByText('This is your only method').waitFor();
    await isForEverybody(page, 'remove-refused');
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await judy.context.close();
  }, 120_000);

  test('a set-up that was broken off goes on where it was', async () => {
    const mallory = await visitor('mallory');
    const { page } = mallory;
    await signIn(mallory);
    await toApp(page);
    await page.goBack();
    await heading(page, 'Choose a method');
    await page.goForward();
    const secretField = page.locator('.secret .mono');
    const first = await secretField.innerText();
    await page.reload();
    await secretField.waitFor();
    const secret = (await secretField.innerText()).replaceAll(/\s/g, '');
    expect(secret).not.toBe(first.replaceAll(/\s/g, '')); // the former one was shown once, and dies unconfirmed
    await page.getByLabel('Code from your authenticator app').pressSequentially(totpCode(secret, Date.now()));
    await heading(page, 'Save your recovery codes');
    await page.reload();
    await heading(page, 'Save your recovery codes');
    await page.getByLabel('I have saved my codes').check();
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.waitForURL('**/security');
    await mallory.context.close();
  }, 120_000);

  test('a set-up goes on in another session, and codes that were saved are not lost by looking', async () => {
    const sybil = await visitor('sybil');
    const { page } = sybil;
    await signIn(sybil);
    const connect = async () => {
      await toApp(page);
      const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
      await page
        .getByLabel('Code from your authenticator app')
        .pressSequentially(totpCode(secret, Date.now()));
      await heading(page, 'Save your recovery codes');
    };
    await connect();
    await page.getByRole('listitem').filter({ hasText: '16' }).first().waitFor();
    await page.getByLabel('I have saved my codes').check();
    const batch = async () =>
      ((await pages.acme.service('GET', '/users/sybil/security')).body.recoveryCodes as { batchId: string })
        .batchId;
    await sybil.context.clearCookies(); // the session is lost before the last click
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.getByText('Sign in again to go on').waitFor();
    await page.getByLabel('Email or login').fill(sybil.login);
    await page.getByLabel('Password').fill(sybil.password);
    await page.keyboard.press('Enter');
    await heading(page, 'Save your recovery codes');
    await page.getByRole('listitem').filter({ hasText: '16' }).first().waitFor();
    await page.getByLabel('I have saved my codes').check();
    const saved = await batch();
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.getByText('connected in an earlier sign-in').waitFor();
    await isForEverybody(page, 'connect-again');
    await connect();
    await page.getByText('You have 16 codes that work.').waitFor();
    await isForEverybody(page, 'codes-there-are');
    await page.getByRole('button', { name: 'I have my codes' }).click();
    await page.getByRole('heading', { name: 'Two-step verification is on' }).waitFor();
    await page.goto(`${pages.standalone.url}/set-up`);
    await page.getByText('You have 16 codes that work.').waitFor();
    expect(await batch()).toBe(saved);
    await page.getByRole('button', { name: 'Make new codes' }).click();
    await page.getByLabel('I have saved my codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.getByRole('heading', { name: 'Two-step verification is on' }).waitFor();
    expect(await batch()).not.toBe(saved);
    await sybil.context.close();
  }, 180_000);

  test('where only the last answer is lost, the code is not spent for nothing', async () => {
    const trent = await visitor('trent');
    const { page } = trent;
    const { secret } = await setUp(trent);
    await trent.context.clearCookies();
    await signIn(trent);
    await focusOn(page, 'code');
    await page.route('**/v1/identity/sessions', (route) => route.abort(), { times: 1 });
    await page.keyboard.type(totpCode(secret, Date.now() + 30_000));
    await page.getByText('You seem to be offline.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/security');
    await trent.context.close();
  }, 60_000);

  test('a secret that ran out of tries is replaced', async () => {
    const victor = await visitor('victor');
    const { page } = victor;
    await signIn(victor);
    await toApp(page);
    const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
    for (let left = 4; left >= 0; left--) {
      await page.getByLabel('Code from your authenticator app').fill(wrongCode(secret, Date.now()));
      if (left < 4) await page.keyboard.press('Enter'); // the first was sent by itself
      if (left > 0) await page.getByText(left === 1 ? '1 try left' : `${left} tries left`).waitFor();
    }
    await page.getByText('This secret has run out').waitFor();
    await isForEverybody(page, 'secret-ran-out');
    await page.getByRole('button', { name: 'Show a new one' }).click();
    await page.locator('.secret .mono').waitFor();
    await victor.context.close();
  }, 60_000);

  test('signing out that fails is not said to have worked', async () => {
    const walter = await visitor('walter');
    await setUp(walter);
    await walter.context.setOffline(true);
    await walter.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await walter.page.getByText('You seem to be offline.').first().waitFor();
    await walter.context.close();
  }, 60_000);

  test('it can be put off where the policy lets people', async () => {
    const niaj = await visitor('niaj');
    await signIn(niaj);
    await niaj.page.getByRole('button', { name: 'Skip for now' }).click();
    await niaj.page.waitForURL('**/security');
    await niaj.page.getByRole('heading', { name: 'Two-step verification is off' }).waitFor();
    await isForEverybody(niaj.page, 'security-off');
    await niaj.page.getByRole('link', { name: 'Set it up' }).click();
    await toApp(niaj.page);
    await niaj.page.route('**/users/*/security', (route) => route.abort(), { times: 1 });
    await niaj.page.goto(`${pages.standalone.url}/set-up`);
    await niaj.page.getByText('You seem to be offline.').waitFor();
    await isForEverybody(niaj.page, 'set-up-not-read');
    await niaj.page.getByRole('button', { name: 'Try again' }).click();
    await toApp(niaj.page);
    await niaj.context.close();
  }, 120_000);

  test('all of it by keyboard alone', async () => {
    const olivia = await visitor('olivia');
    const { page } = olivia;
    await page.goto(`${pages.standalone.url}/sign-in/acme`);
    await heading(page, /^Sign in/);
    const { keyboard } = page;
    await focusOn(page, 'login'); // it is where one begins
    await keyboard.type(olivia.login);
    await keyboard.press('Tab');
    await keyboard.type(olivia.password);
    await keyboard.press('Enter');
    await heading(page, 'Choose a method');
    const tabTo = async (what: string, wanted: RegExp) => {
      for (let n = 0; n < 20 && !wanted.test(await page.evaluate<string>(what)); n++)
        await keyboard.press('Tab');
    };
    await tabTo('document.activeElement.textContent', /^Authenticator app/);
    await keyboard.press('Enter');
    await heading(page, 'Connect your authenticator app');
    await focusOn(page, 'code'); // it takes the focus by itself when the secret is there
    const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
    await keyboard.type(totpCode(secret, Date.now()));
    await heading(page, 'Save your recovery codes');
    await page.locator('.codes li').first().waitFor();
    await tabTo('document.activeElement.id', /^saved$/);
    await keyboard.press('Space');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await page.waitForURL('**/security');
    await page.locator('.row').first().waitFor();
    await keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.textContent`)).toBe('Skip to the page');
    await olivia.context.close();
  }, 120_000);

  test('says what to do where nobody is reached', async () => {
    const peggy = await visitor('peggy');
    await peggy.page.goto(`${pages.standalone.url}/sign-in/acme`);
    await peggy.page.getByLabel('Email or login').fill(peggy.login);
    await peggy.page.getByLabel('Password').fill(peggy.password);
    await peggy.context.setOffline(true);
    await peggy.page.keyboard.press('Enter');
    await peggy.page.getByText('You seem to be offline. Nothing is lost').waitFor();
    await peggy.context.setOffline(false);
    await peggy.page.keyboard.press('Enter');
    await toApp(peggy.page);
    await peggy.context.close();
  }, 60_000);

  test('speaks Dutch to who reads Dutch', async () => {
    const rupert = await visitor('rupert', 'nl-BE');
    const { page } = rupert;
    await page.goto(`${pages.standalone.url}/sign-in/acme`);
    await heading(page, 'Aanmelden bij acme');
    expect(await page.getAttribute('html', 'lang')).toBe('nl');
    await page.getByRole('button', { name: 'English' }).click();
    await heading(page, 'Sign in to acme');
    await rupert.context.close();
  }, 60_000);

  test('nobody is sent elsewhere after signing in, whatever stands in the address', async () => {
    const quentin = await visitor('quentin');
    const { page } = quentin;
    await signIn(quentin);
    await page.getByRole('button', { name: 'Skip for now' }).click();
    await page.waitForURL('**/security');
    const evil = '//evil.example/security';
    for (const kept of [
      evil,
      `https:${evil}`,
      '\\\\evil.example',
      'javascript:alert(1)',
      '/\t/evil.example',
    ]) {
      await page.evaluate(`sessionStorage.setItem('sparekey-return', ${JSON.stringify(kept)})`);
      await visitWhatLeadsOn(page, `${pages.standalone.url}/sign-in?return=${evil}&next=${evil}#signed-in`);
      await page.waitForURL(`${pages.standalone.url}/security`);
      await heading(page, 'Security');
    }
    await page.evaluate(`sessionStorage.setItem('sparekey-return', '/profile')`);
    await visitWhatLeadsOn(page, `${pages.standalone.url}/sign-in#signed-in`);
    await page.waitForURL(`${pages.standalone.url}/profile`);
    await quentin.context.close();
  }, 60_000);

  test('stands in no frame, lets in nothing from elsewhere, and complains of nothing', async () => {
    for (const path of ['/', '/sign-in', '/sign-in/acme', '/security', '/set-up']) {
      const { status, headers } = await pages.standalone.api('GET', path);
      expect([path, status]).toEqual([path, 200]);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|data:|blob:|\*|https?:/);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(complaints).toEqual([]);
  });

  test('pages at sign-in are 60 kB at most, and are compressed once', async () => {
    const html = readFileSync(`${PAGES.directory}/sign-in.html`, 'utf8');
    const files = [...html.matchAll(/\/assets\/([^"]+\.(?:js|css))/g)].map(([, name]) => name!);
    const sizes = files.map((name) => statSync(`${PAGES.directory}/assets/${name}.br`).size);
    expect(files.length).toBeGreaterThan(2);
    expect(sizes.reduce((a, b) => a + b) + html.length).toBeLessThan(60_000);
    const path = `/assets/${files[0]}`;
    const { status, headers } = await pages.standalone.api('GET', path, {
      headers: { 'accept-encoding': 'br, gzip' },
    });
    expect([status, headers['content-encoding']]).toEqual([200, 'br']);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    for (const foreign of ['/assets/../index.js', '/assets/%2e%2e/index.js', '/assets/', '/assets/none.js'])
      expect([foreign, (await pages.standalone.api('GET', foreign)).status]).toEqual([foreign, 404]);
    expect(readdirSync(`${PAGES.directory}/assets`).length).toBeGreaterThan(3);
  });
});
