import { readFileSync } from 'node:fs';
import { PATHS } from '@sparekey/console';
import { Standalone, temporaryDirectory, Tenant, totpCode } from '@sparekey/testing';
import type { Page } from 'playwright-core';
import {
  CHROMIUM,
  focusOn,
  heading,
  ON_SERVICES,
  usePages,
  visitWhatLeadsOn,
  withChromium,
  type Visitor,
} from './pages.ts';

/* Ways through the pages that nobody planned: every link, two tabs, back, no script, an upgrade, another language. */

withChromium(`ways through pages, in Chromium (${CHROMIUM})`, () => {
  const pages = usePages();
  const { complaints, visitor, signIn, setUp, connect, isForEverybody } = pages;
  let root: Visitor;
  let secret: string;

  const at = (path: string) => `${pages.standalone.url}${path}`;
  /** The pages of ours that this one links to. */
  const linksOf = (page: Page) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('a[href]')].map((a) => a.href).filter((href) => href.startsWith(location.origin) && !href.includes('#'))`,
    );

  beforeAll(async () => {
    root = await visitor('root');
    ({ secret } = await setUp(root));
    await pages.acme.operator('PUT', '/users/root', {
      emails: ['root@acme.example'],
      displayName: 'Ines Claes',
      roles: ['administrator'],
    });
    await pages.acme.service('PUT', '/users/mallory', {
      emails: ['mallory@acme.example'],
      displayName: '<b onmouseover=alert(1)>Mallory</b> هاتف 📱',
    });
    await pages.areListed('mallory');
    await root.context.clearCookies();
    await signIn(root);
    await focusOn(root.page, 'code');
    await root.page.keyboard.type(totpCode(secret, Date.now() + 30_000));
    await root.page.waitForURL('**/security');
  }, 120_000);

  test('every page that can be reached has a title, a heading and a way on, and no link is dead', async () => {
    const { page } = root;
    const seen = new Set<string>();
    const open = [at('/security'), at('/set-up'), at('/dev/inbox')];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      expect([next, (await visitWhatLeadsOn(page, next)).status()]).toEqual([next, 200]);
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy=true], .ghosts').first().waitFor({ state: 'detached' });
      const title = await page.title();
      expect([next, title]).toEqual([next, expect.stringMatching(/^.+ · Sparekey$/)]);
      const inShell = (await page.locator('nav').count()) > 0;
      const waysOn = await page.locator('main a[href], main button').count();
      expect([next, inShell || waysOn > 0]).toEqual([next, true]);
      open.push(...(await linksOf(page)).filter((href) => !href.includes('/v1/')));
    }
    for (const path of ['/people', '/people/mallory', '/audit?user=mallory', '/policy', '/profile'])
      expect([...seen]).toContain(at(path));
  }, 180_000);

  test('names of others are shown as they are, and become no markup', async () => {
    const { page } = root;
    await page.goto(at('/people'));
    const row = page.getByRole('link', { name: '<b onmouseover=alert(1)>Mallory</b>' });
    await row.waitFor();
    expect(await page.locator('table b').count()).toBe(0);
    expect(await row.locator('bdi').count()).toBe(1);
    await row.click();
    await heading(page, /Mallory/);
    await isForEverybody(page, 'person-odd-name');
  }, 60_000);

  test('the way back leads back, and does nothing twice', async () => {
    const { page } = root;
    await page.goto(at('/people'));
    await page.getByRole('link', { name: /^No second step/ }).click();
    await page.getByRole('link', { name: /Mallory/ }).click();
    await heading(page, /Mallory/);
    await page.goBack();
    expect(page.url()).toBe(at('/people?state=off'));
    await page.goBack();
    expect(page.url()).toBe(at('/people'));
    await page.goForward();
    await page.goForward();
    await heading(page, /Mallory/);
  }, 60_000);

  test('two tabs sign in side by side, and what ends in one has ended in the other', async () => {
    const two = await visitor('two-tabs');
    const { secret: its } = await setUp(two);
    await two.context.clearCookies();
    const second = { ...two, page: await two.context.newPage() };
    for (const one of [two, second]) {
      await signIn(one);
      await heading(one.page, 'Enter your code');
    }
    const code = totpCode(its, Date.now() + 30_000);
    await two.page.keyboard.type(code);
    await two.page.waitForURL('**/security');
    await second.page.getByLabel('Code from your authenticator app').fill(code);
    await second.page.getByText('This code was not accepted').waitFor(); // it was used in the other tab
    await second.page.goto(at('/security'));
    await heading(second.page, 'Security');
    await two.page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await two.page.getByText('You are signed out.').waitFor();
    await visitWhatLeadsOn(second.page, at('/security'));
    await second.page.getByText('Sign in again to go on').waitFor();
    await two.context.close();
  }, 120_000);

  test('a page that was left open over an upgrade loads itself anew, and says so', async () => {
    const { page } = root;
    await page.goto(at('/security'));
    await heading(page, 'Security');
    let gone = 0;
    await page.route('**/assets/profile-page-*.js', (route) =>
      gone++ === 0 ? route.fulfill({ status: 404, body: '' }) : route.continue(),
    );
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByText('Sparekey was updated meanwhile.').waitFor();
    await heading(page, 'Profile');
    expect(gone).toBe(2);
    await page.unroute('**/assets/profile-page-*.js');
  }, 60_000);

  test('without script every page says that it needs it', async () => {
    const browser = root.context.browser()!;
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    for (const path of ['/sign-in', '/challenge', '/notice', '/security', '/policy']) {
      await page.goto(at(path));
      expect([path, await page.locator('body').innerText()]).toEqual([
        path,
        expect.stringContaining('pages need JavaScript'),
      ]);
    }
    await context.close();
  }, 60_000);

  // what pages are made of is shown to who works on them, in English alone
  const NOT_WALKED = ['/', '/people/:user', '/dev/components'];
  const PLACES = [...PATHS.filter((path) => !NOT_WALKED.includes(path)), '/people/mallory'];

  /** What people, browsers and algorithms are called is nobody's language. */
  const IS_DATA =
    /^\s*(My authenticator app|English|Nederlands|Chrome, Linux|[Pp]ayroll( server)?|identity|Sparekey sign-in|[ ·]*(payroll|identity)[ ·]*|SHA\d+|Ines Claes.*|root@acme\.example.*)\s*$/;

  test('every page says all that it says in the reader’s language, and has room for a longer one', async () => {
    const { page } = root;
    await page.goto(at('/security'));
    await page.evaluate(`localStorage.setItem('sparekey-language', 'en-XA')`);
    await page.setViewportSize({ width: 320, height: 800 });
    const found: string[] = [];
    for (const path of [...PLACES, '/challenge', '/notice', '/sign-in', '/sign-in/acme']) {
      await page.goto(at(path));
      await page.locator('h1').first().waitFor();
      await page.locator('[aria-busy=true], .ghosts').first().waitFor({ state: 'detached' });
      const written = await page.evaluate<string[]>(`(() => {
        const bare = (text) => { for (let n = 0; n < 9; n++) text = text.replace(/⟦[^⟦⟧]*⟧/g, ''); return text; };
        const found = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
          const { data, parentElement } = walk.currentNode;
          if (!parentElement.closest('bdi, .mono, script, noscript, time, .mark, [lang]:not(html)')) found.push(bare(data));
        }
        for (const name of ['aria-label', 'title', 'alt', 'placeholder'])
          for (const element of document.querySelectorAll('[' + name + ']:not(time)')) found.push(bare(element.getAttribute(name)));
        return found.filter((text) => /[a-z]{3}/i.test(text));
      })()`);
      found.push(...written.filter((text) => !IS_DATA.test(text)).map((text) => `${path}: ${text}`));
      const tooWide = await page.evaluate<string[]>(
        `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('html, body *')].filter((e) => e.checkVisibility() && (e.getBoundingClientRect().right > innerWidth || e.matches('html'))).map((e) => e.outerHTML.slice(0, 200))`,
      );
      found.push(...tooWide.map((html) => `${path} is too wide: ${html}`));
    }
    expect(found).toEqual([]);
    await page.evaluate(`localStorage.removeItem('sparekey-language')`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 180_000);

  test('what is said in Dutch is not what is said in English', async () => {
    const texts = async (language: string, path: string) => {
      await root.page.evaluate(`localStorage.setItem('sparekey-language', '${language}')`);
      await root.page.goto(at(path));
      await root.page.locator('h1').first().waitFor();
      await root.page.locator('[aria-busy=true], .ghosts').first().waitFor({ state: 'detached' });
      return new Set(
        await root.page.evaluate<string[]>(`(() => {
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('bdi, .mono, script, noscript, time, .facts-list dd')) found.push(walk.currentNode.data.trim());
          return found;
        })()`),
      );
    };
    await root.page.goto(at('/security'));
    // what is the same in both: names, numbers, codes, standards, and words that both languages have
    const isSame =
      /^(Sparekey|My authenticator app|Ines Claes|Chrome, Linux|Sparekey sign-in|Acme|Payroll|Profiel|English|Nederlands|Service \d|Filters|Login|Hash|Client|Issuer|Operator|CSV.*|SHA\d+|API.*|Relying party|AAGUID.*|WebAuthn .*|[Cc]odes|Browser|Challenge|Live|Menu|Auditor|RFC .*|NIST .*|[^a-z]*|payroll.*|identity.*)$/;
    for (const path of PLACES) {
      const [english, dutch] = [await texts('en', path), await texts('nl', path)];
      const untranslated = [...dutch].filter(
        (text) => english.has(text) && /[a-z]{3}/.test(text) && !isSame.test(text),
      );
      expect([path, untranslated]).toEqual([path, []]);
    }
    await root.page.evaluate(`localStorage.removeItem('sparekey-language')`);
  }, 240_000);

  test('a sign-in that took too long leads back, and what a server began before it started anew goes on', async () => {
    const late = await visitor('late');
    const { secret: its } = await setUp(late);
    await late.context.clearCookies();
    await signIn(late);
    await focusOn(late.page, 'code');
    const problem = { title: 'Gone', status: 410, code: 'challenge-expired' };
    await late.page.route('**/answers', (route) =>
      route.fulfill({ status: 410, contentType: 'application/problem+json', json: problem }),
    );
    await late.page.keyboard.type(totpCode(its, Date.now() + 30_000));
    await late.page.getByText('This sign-in was open for too long and has closed.').waitFor();
    await isForEverybody(late.page, 'expired');
    await late.page.unroute('**/answers');
    // a wait that begins in a sign-in closes it for codes: the page does not say that it goes on
    await signIn(late);
    await focusOn(late.page, 'code');
    const locked = { title: 'Locked', status: 429, code: 'locked', retryAfter: 120 };
    await late.page.route('**/answers', (route) =>
      route.fulfill({ status: 429, contentType: 'application/problem+json', json: locked }),
    );
    await late.page.route(/\/v1\/challenges\/[^/]+$/, (route) =>
      route.fulfill({ json: { state: 'failed', methods: [] } }),
    );
    await late.page.keyboard.type('000000');
    await heading(late.page, 'Codes are closed for a while');
    await late.page.getByText('This sign-in ends before then: sign in again.').waitFor();
    expect(await late.page.getByRole('button', { name: /^Recovery code/ }).count()).toBe(0);
    await isForEverybody(late.page, 'locked-over');
    await late.page.getByRole('button', { name: 'Sign in again' }).click();
    await heading(late.page, /^Sign in/);
    await late.context.close();
    if (ON_SERVICES) return; // one process is started anew here; services are in their own tests of outages

    const data = temporaryDirectory();
    let one = await Standalone.start({ dataDirectory: data.path });
    const tenant = await Tenant.create(one.api, one.operatorToken);
    await tenant.service('PUT', '/users/ada', { emails: ['ada@acme.example'] });
    const account = (await tenant.account('ada')) as { login: string; password: string };
    const context = await root.context.browser()!.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    const page = await context.newPage();
    const give = async () => {
      await visitWhatLeadsOn(page, `${one.url}/sign-in/acme`);
      await page.getByLabel('Email or login').fill(account.login);
      await page.getByLabel('Password').fill(account.password);
      await page.keyboard.press('Enter');
    };
    await give();
    const { secret: adas } = await connect({ page });
    await context.clearCookies();
    await give();
    await focusOn(page, 'code');
    await one.end('SIGKILL');
    await page.keyboard.type(totpCode(adas, Date.now() + 30_000));
    await page.getByText('You seem to be offline. Nothing is lost').waitFor();
    one = await Standalone.start({ dataDirectory: data.path, port: Number(new URL(one.url).port) });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL('**/security');
    await context.close();
    await one.end();
    data.remove();
  }, 240_000);

  // separate services have no demo, whose administrator alone sees the inbox
  const inOneProcess = ON_SERVICES ? test.skip : test;

  inOneProcess(
    'a newcomer gets from the first password of the demo to a second step, and takes a change back by the link in the mail',
    async () => {
      const accounts = readFileSync(`${pages.dataDirectory}/demo-accounts`, 'utf8');
      const password = /^admin\t(\S+)$/m.exec(accounts)![1]!;
      const context = await root.context.browser()!.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
      const page = await context.newPage();
      const giveBoth = async () => {
        await visitWhatLeadsOn(page, at('/sign-in/demo'));
        await page.getByLabel('Email or login').fill('admin');
        await page.getByLabel('Password').fill(password);
        await page.keyboard.press('Enter');
      };
      await giveBoth();
      const { secret: its } = await connect({ page });
      await context.clearCookies();
      await giveBoth();
      await focusOn(page, 'code');
      await page.keyboard.type(totpCode(its, Date.now() + 30_000));
      await page.waitForURL('**/security');
      await page.goto(at('/dev/inbox'));
      const mail = page.getByRole('article').filter({ hasText: 'authenticator app' }).first();
      await mail.waitFor({ timeout: 60_000 });
      await isForEverybody(page, 'inbox');
      await mail.getByRole('link', { name: /\/notice#/ }).click();
      await heading(page, 'This was not me');
      await isForEverybody(page, 'notice');
      await page.getByRole('button', { name: 'This was not me' }).click();
      await page.getByText('What was changed is suspended').waitFor();
      await isForEverybody(page, 'notice-done');
      await page.getByRole('link', { name: 'Sign in and look at your security' }).click();
      await heading(page, /^Sign in/);
      await context.close();
    },
    180_000,
  );

  test('no script complained', () => expect(complaints).toEqual([]));
});
