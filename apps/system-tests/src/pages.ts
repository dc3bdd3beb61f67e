import { existsSync, mkdirSync } from 'node:fs';
import { eventually, Standalone, temporaryDirectory, Tenant, totpCode, type Api } from '@sparekey/testing';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page, type Response } from 'playwright-core';

/** Debian's Chromium; where it is not installed what needs it is skipped, and says so. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const withChromium = existsSync(CHROMIUM) ? describe : describe.skip;
/** With it, every page and state that a test meets is drawn there. */
const SHOTS = process.env.SPAREKEY_SHOTS;
/** No picture is taller (px). */
const TALL = 1_200;
const heightOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollHeight');
interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  readonly contrast?: 'more';
  readonly forcedColors?: 'active';
  readonly isChecked?: true;
}
/** Axe looks at each width in each colour scheme; more contrast is more of the same, and forced colours are not the page's own. */
const LOOKS: readonly Look[] = [
  { width: 320, colorScheme: 'light', isChecked: true },
  { width: 320, colorScheme: 'dark', isChecked: true },
  { width: 1280, colorScheme: 'light', isChecked: true },
  { width: 1280, colorScheme: 'dark', isChecked: true },
  { width: 640, colorScheme: 'light', contrast: 'more' }, // as wide as 1280 px are at 200 %
  { width: 640, colorScheme: 'dark', forcedColors: 'active' },
];
/** Within which a page is answered (milliseconds). */
const ANSWERED_MS = 5_000;
/** Links that were followed once, and answered. */
const alive = new Set<string>();

/** Somebody with an account, before a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly login: string;
  readonly password: string;
}

/** The field that has the focus when a page appears. */
export const focusOn = (page: Page, name: string) => page.locator(`input[name=${name}]:focus`).waitFor();

/**
 * Visits a page that leads on by itself: it may do so before all of it is loaded, and the browser then counts the visit as
 * broken off. A visit that was broken off before it was answered, by where the page before it leads to, is made again. Where
 * the page leads to is what to wait for.
 *
 * @returns what the server answered
 */
export async function visitWhatLeadsOn(page: Page, url: string): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  for (let visit = 1; ; visit++) {
    const answered = page
      .waitForResponse(`${origin}${pathname}${search}`, { timeout: ANSWERED_MS })
      .catch(() => null);
    const response = await page.goto(url, { waitUntil: 'commit' }).catch((error: Error) => {
      if (!/ERR_ABORTED|interrupted by another navigation/.test(error.message)) throw error;
      return answered;
    });
    if (response) return (await answered) ?? response; // the answer of this address, not of where it leads by a redirect
    if (visit === 3) throw new Error(`${url} was visited three times, and never answered`);
  }
}

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** Of the methods that may be added an authenticator app. */
export async function toApp(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Authenticator app/ }).click();
  await heading(page, 'Connect your authenticator app');
}

/** What answers: everything in one process, or the gateway before separate services. */
interface Sparekey {
  readonly url: string;
  readonly api: Api;
  readonly operatorToken: string;
  end(): Promise<unknown>;
}

/** Behind the gateway, on separate services. */
export const ON_SERVICES = process.env.SPAREKEY_TEST_ON === 'services';

async function startSparekey(dataDirectory: string): Promise<Sparekey> {
  if (!ON_SERVICES) return Standalone.start({ dataDirectory });
  const { ServiceProcesses, servicesHere } = await import('@sparekey/testing/services');
  const here = servicesHere();
  if (typeof here === 'string') throw new Error(here);
  const services = await ServiceProcesses.start({ ...here, inBrowsers: true });
  const { operatorToken } = services;
  const url = services.crew.url.replace('127.0.0.1', 'localhost');
  return { url, api: services.apiAt(url), operatorToken, end: () => services.close() };
}

/** A domain with people, and a browser, for the tests of one file. */
export function usePages() {
  const temporary = temporaryDirectory();
  let standalone: Sparekey;
  let acme: Tenant;
  let browser: Browser;
  /** What scripts of pages threw, and what the browser refused them. */
  const complaints: string[] = [];

  beforeAll(async () => {
    standalone = await startSparekey(temporary.path);
    acme = await Tenant.create(standalone.api, standalone.operatorToken);
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
    if (SHOTS) mkdirSync(SHOTS, { recursive: true });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await standalone?.end();
    temporary.remove();
  });

  async function visitor(user: string, locale = 'en-GB'): Promise<Visitor> {
    await acme.service('PUT', `/users/${user}`, { emails: [`${user}@acme.example`] });
    const { login, password } = (await acme.account(user)) as { login: string; password: string };
    const context = await browser.newContext({
      locale,
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (
        message.type() === 'error' &&
        !/status of 4|ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(message.text())
      )
        complaints.push(message.text());
    });
    return { context, page, login, password };
  }

  async function signIn({ page, login, password }: Visitor): Promise<void> {
    await visitWhatLeadsOn(page, `${standalone.url}/sign-in/acme`); // the page before may still lead elsewhere
    await page.getByLabel('Email or login').fill(login);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
  }

  /** @returns the secret of the app and the codes, as the pages showed them */
  async function setUp(one: Visitor): Promise<{ secret: string; codes: string[] }> {
    await signIn(one);
    return connect(one);
  }

  /** From the QR code to the page of who is signed in. */
  async function connect({ page }: Pick<Visitor, 'page'>): Promise<{ secret: string; codes: string[] }> {
    await toApp(page);
    const secret = (await page.locator('.secret .mono').innerText()).replaceAll(/\s/g, '');
    await page.getByLabel('Code from your authenticator app').pressSequentially(totpCode(secret, Date.now()));
    await heading(page, 'Save your recovery codes');
    const listed = page.getByRole('list', { name: '16 recovery codes' }).getByRole('listitem');
    await listed.first().waitFor();
    const codes = (await listed.allInnerTexts()).map((text) => text.replace(/^(\d\d)\s*/, '$1-'));
    await page.getByLabel('I have saved my codes').check();
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.waitForURL('**/security');
    await page.getByRole('heading', { name: 'Two-step verification is on' }).waitFor();
    return { secret, codes };
  }

  /** It says what it is, there is a way on from it, and none of its links is dead. */
  async function leadsOn(page: Page, name: string): Promise<void> {
    expect([name, await page.title()]).toEqual([name, expect.stringMatching(/^.+ · Sparekey$/)]);
    expect([name, await page.locator('h1').count()]).toEqual([name, 1]);
    // the side bar is a way on; a language is none
    const place = (await page.locator('nav').count()) > 0 ? '' : 'main ';
    const waysOn = await page.locator(`${place}a[href]:visible, ${place}button:visible`).count();
    expect([name, waysOn > 0]).toEqual([name, true]);
    const links = await page.evaluate<string[]>(
      `[...document.querySelectorAll('a[href]')].map((a) => a.href.split('#')[0]).filter((href) => href.startsWith(location.origin))`,
    );
    for (const link of links.filter((href) => !alive.has(href))) {
      const response = await page.request.get(link);
      expect([name, link, response.status()]).toEqual([name, link, 200]);
      alive.add(link);
    }
  }

  /** Axe finds nothing (WCAG 2.2 A and AA, best practice). */
  async function isAccessible(page: Page, name: string): Promise<void> {
    await page.evaluate(axe.source);
    const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })`,
    );
    const told = found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    expect([name, told]).toEqual([name, []]);
  }

  /** Nobody is kept out of this page: not by a narrow screen, not by what axe finds. */
  async function isForEverybody(page: Page, name: string): Promise<void> {
    if (!(await page.evaluate<boolean>('!navigator.onLine'))) await leadsOn(page, name);
    if (ON_SERVICES) return; // its looks are the same files, whoever hands them out
    for (const { width, isChecked, ...look } of LOOKS) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'none', ...look });
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([name, width, wide]).toEqual([name, width, Math.min(wide, width)]);
      const inDialog = await page.evaluate<number>(
        `Math.max(0, ...[...document.querySelectorAll('dialog[open] .dialog-body')].map((body) => body.scrollWidth - body.clientWidth))`,
      );
      expect([name, width, 'too wide in the dialog', inDialog]).toEqual([
        name,
        width,
        'too wide in the dialog',
        0,
      ]);
      if (isChecked) await isAccessible(page, `${name}, ${width} px, ${look.colorScheme}`);
      if (SHOTS && width !== 640)
        await page.screenshot({
          path: `${SHOTS}/${name}-${width}-${look.colorScheme}.png`,
          fullPage: true,
          clip: { x: 0, y: 0, width, height: Math.min(TALL, await heightOf(page)) },
        });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: 'none' });
  }

  /** Whoever was made before them is on the page of people, too. */
  async function areListed(user: string): Promise<void> {
    await eventually(async () => {
      const { body } = await acme.service('GET', `/users?query=${user}`);
      return (body.items as unknown[]).length > 0 || undefined;
    });
  }

  return {
    areListed,
    complaints,
    visitor,
    signIn,
    setUp,
    connect,
    isForEverybody,
    /** Of the one process. */
    dataDirectory: temporary.path,
    get standalone() {
      return standalone;
    },
    get acme() {
      return acme;
    },
  };
}
