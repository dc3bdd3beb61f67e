import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createVerifier } from '@sparekey/client';
import {
  seedUsers,
  Standalone,
  temporaryDirectory,
  Tenant,
  totpCode,
  wrongCode,
  type SeededUser,
} from '@sparekey/testing';
import { chromium, type Browser, type Page } from 'playwright-core';

/* The hosted page in a real browser; where Chromium is not installed this is skipped, and says so. */

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const withChromium = existsSync(CHROMIUM) ? describe : describe.skip;

withChromium(`the hosted page, in Chromium (${CHROMIUM})`, () => {
  const temporary = temporaryDirectory();
  let standalone: Standalone;
  let acme: Tenant;
  let ada: SeededUser;
  let browser: Browser;
  let service: Server;
  let back: string;

  beforeAll(async () => {
    [ada] = (await seedUsers(temporary.path, 'acme', 1, 'ada')) as [SeededUser];
    standalone = await Standalone.start({ dataDirectory: temporary.path });
    service = createServer((_, response) => response.end('<title>back</title>')).listen(0, 'localhost');
    await once(service, 'listening');
    back = `http://localhost:${(service.address() as AddressInfo).port}/back`;
    acme = await Tenant.create(standalone.api, standalone.operatorToken, 'acme', { returnUrls: [back] });
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    service?.closeAllConnections();
    service?.close();
    await standalone?.end();
    temporary.remove();
  });

  async function open(): Promise<{ page: Page; url: string; complaints: string[] }> {
    const context = { ip: '203.0.113.7', userAgent: 'Firefox' };
    const { codeChallenge } = createVerifier();
    const opened = await acme.open(ada.userId, { signInId: 's-1', returnUrl: back, codeChallenge, context });
    const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const url = (opened.body.url as string).replace(/^http:\/\/localhost:\d+/, standalone.url);
    await page.goto(url);
    return { page, url, complaints };
  }

  test('says who asks, from where; takes the code; and goes back with a code of its own', async () => {
    const { page, complaints } = await open();
    await page.getByText('Payroll asks for your second step.').waitFor();
    await page.getByText('from 203.0.113.7').waitFor();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(320);
    const field = page.getByLabel('Code from your authenticator app');
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    await field.fill(wrongCode(ada.secret, Date.now()));
    await page.getByText('4 tries left').waitFor();
    await field.fill(totpCode(ada.secret, Date.now()).replace(/(...)/, '$1 '));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${back}?**`);
    const { searchParams } = new URL(page.url());
    expect(searchParams.get('signInId')).toBe('s-1');
    expect(searchParams.get('code')).toMatch(/^skr_/);
    expect(page.url()).not.toContain('skc_');
    expect(complaints.filter((text) => !text.includes('403'))).toEqual([]); // the browser tells of the wrong code's status
    await page.close();
  });

  test('does nothing by being opened: a mail scanner that follows the link ends nothing', async () => {
    const before = (await standalone.api('GET', '/metrics')).body as string;
    const { page, url } = await open();
    await page.reload();
    const id = url.slice(url.indexOf('#') + 1);
    expect((await standalone.api('GET', `/v1/challenges/${id}`)).body).toMatchObject({
      state: 'open',
      attemptsLeft: 5,
    });
    expect(before).toContain('sparekey_http_request_seconds');
    await page.close();
  });

  test('offers another way, and an end for who did not start it', async () => {
    const { page, url } = await open();
    await page.getByRole('button', { name: /^Recovery code/ }).click();
    expect(await page.getByLabel('Recovery code').getAttribute('inputmode')).toBeNull();
    await page.getByRole('button', { name: 'I did not start this' }).click();
    await page.getByText('has ended and let nobody in').waitFor();
    const id = url.slice(url.indexOf('#') + 1);
    expect((await standalone.api('GET', `/v1/challenges/${id}`)).body.state).toBe('cancelled');
    await page.reload();
    await page.getByText('It has ended, and nothing was changed').waitFor();
    await page.getByRole('link', { name: 'Go back to Payroll' }).waitFor();
    await page.goto(`${standalone.url}/challenge`);
    await page.reload();
    await page.getByText('opened without its sign-in').waitFor();
    await page.close();
  });

  test('lets nothing else run in it, and stands in no frame', async () => {
    const { headers } = await standalone.api('GET', '/challenge');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    const { page } = await open();
    const inline = `const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); window.ran`;
    expect(await page.evaluate(inline)).toBeUndefined();
    await page.close();
  });

  test('a session in a cookie is not in the reach of a script', async () => {
    await acme.service('PUT', '/users/cookie', {});
    const account = await acme.account('cookie');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${standalone.url}/challenge`);
    const signIn = async (target: Page) =>
      target.evaluate<{
        status: number;
        body: string;
        cookie: string;
      }>(`fetch('${standalone.url}/v1/identity/sign-in', {
        method: 'POST', credentials: 'include',
        headers: { 'content-type': 'application/json', 'sparekey-session': 'cookie' },
        body: ${JSON.stringify(JSON.stringify(account))},
      }).then(async (r) => ({ status: r.status, body: await r.text(), cookie: document.cookie }),
              (e) => ({ status: 0, body: String(e), cookie: '' }))`);
    const own = await signIn(page);
    expect(own).toMatchObject({ status: 200, cookie: '' });
    expect(own.body).not.toContain('eyJ');
    const read = `fetch('/v1/domains/acme/users/cookie/security').then((r) => r.status)`;
    expect(await page.evaluate(read)).toBe(200); // the browser sends it along

    const foreign = await context.newPage();
    await foreign.goto(back); // another origin of the same site
    expect((await signIn(foreign)).status).toBe(0);
    const out = `fetch('${standalone.url}/v1/identity/sessions/current', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).then(() => 1, () => 0)`;
    await foreign.evaluate(out);
    await foreign.evaluate(
      `const f = document.createElement('form'); f.method = 'post'; f.action = '${standalone.url}/v1/identity/sessions'; document.body.append(f); f.submit()`,
    );
    await foreign.waitForURL('**/v1/identity/sessions');
    expect(await foreign.textContent('body')).toMatch(/forbidden|validation-failed/);
    expect(await page.evaluate(read)).toBe(200);
    await context.close();
  });
});
