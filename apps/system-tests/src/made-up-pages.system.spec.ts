import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Standalone, temporaryDirectory, Tenant } from '@sparekey/testing';
import { chromium } from 'playwright-core';
import { CHROMIUM, heading, visitWhatLeadsOn, withChromium } from './pages.ts';

/* A method that no release has reaches the pages by one folder and one line, as it reaches everything else. */

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const REGISTERED = ['register.ts', 'pages.ts'].map((file) => `--import=${at(`made-up/${file}`)}`).join(' ');

withChromium(`a made-up method on pages, in Chromium (${CHROMIUM})`, () => {
  const data = temporaryDirectory();
  const built = temporaryDirectory();
  let standalone: Standalone;
  let acme: Tenant;

  beforeAll(async () => {
    const vite = [at('../../../node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'];
    const config = ['--config', at('../../console/src/testing/vite.config.ts'), '--outDir', built.path];
    const { status, stderr } = spawnSync(process.execPath, [...vite, ...config], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const environment = { NODE_OPTIONS: REGISTERED, MADE_UP_PAGES: built.path };
    standalone = await Standalone.start({ dataDirectory: data.path, environment });
    acme = await Tenant.create(standalone.api, standalone.operatorToken);
  }, 120_000);
  afterAll(async () => {
    await standalone?.end();
    data.remove();
    built.remove();
  });

  test('it is chosen, set up, named and asked for', async () => {
    await acme.service('PUT', '/users/ada', { emails: ['ada@acme.example'] });
    const { login, password } = (await acme.account('ada')) as { login: string; password: string };
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const signIn = async () => {
      await visitWhatLeadsOn(page, `${standalone.url}/sign-in/acme`);
      await page.getByLabel('Email or login').fill(login);
      await page.getByLabel('Password').fill(password);
      await page.keyboard.press('Enter');
    };
    try {
      await signIn();
      await heading(page, 'Choose a method');
      const ways = await page.locator('main .row .name').allInnerTexts();
      expect(ways).toEqual(['Security key or passkey', 'Made-up key', 'Authenticator app']); // the strongest first
      await page.getByRole('button', { name: /^Made-up key/ }).click();
      await heading(page, 'Make a key');
      await page.getByRole('button', { name: 'Make the key' }).click();
      await heading(page, 'Save your recovery codes');
      await page.getByLabel('I have saved my codes').check();
      await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
      await page.getByRole('heading', { level: 3, name: 'On my key ring' }).waitFor();
      await page.getByText(/Made-up key · /).waitFor();
      await context.clearCookies();
      await signIn();
      await page.getByRole('button', { name: 'Touch the key' }).click();
      await page.waitForURL('**/security');
    } finally {
      await browser.close();
    }
  }, 60_000);
});
