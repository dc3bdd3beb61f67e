import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sparekey/testing';
import type { CDPSession, Page, Route } from 'playwright-core';
import { CHROMIUM, heading, usePages, visitWhatLeadsOn, withChromium, type Visitor } from './pages.ts';

/*
 * Security keys and passkeys on the pages, by Chromium's own virtual authenticator (Chrome DevTools Protocol, WebAuthn).
 */
withChromium(`security keys and passkeys, in Chromium (${CHROMIUM})`, () => {
  const pages = usePages();
  const { visitor, signIn, isForEverybody } = pages;

  /** What the page gives the browser by and by. The page's own policy lets nothing in it wait for a text of ours. */
  const given = (page: Page, what: string) => eventually(() => page.evaluate<unknown>(what));

  interface Device {
    readonly cdp: CDPSession;
    readonly authenticatorId: string;
  }

  /** An authenticator before this page: a key, or what this device keeps. */
  async function plugIn(page: Page, options: object = {}): Promise<Device> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        ...options,
      },
    });
    return { cdp, authenticatorId };
  }
  const unplug = ({ cdp, authenticatorId }: Device) =>
    cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
  const touches = ({ cdp, authenticatorId }: Device, enabled: boolean) =>
    cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });

  const choose = async (page: Page) => {
    await page.getByRole('button', { name: /^Security key or passkey/ }).click();
    await heading(page, 'Add a security key or passkey');
  };
  const nameIt = async (page: Page, name: string) => {
    await page.getByText('It is added.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Continue' }).click();
  };

  /** From nothing to two-step verification with a key. */
  async function setUpKey({ page }: Pick<Visitor, 'page'>, name: string): Promise<void> {
    await heading(page, 'Choose a method');
    await choose(page);
    await page.getByRole('button', { name: 'Use a key or this device' }).click();
    await nameIt(page, name);
    await heading(page, 'Save your recovery codes');
    await page.getByLabel('I have saved my codes').check();
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.waitForURL('**/security');
    await page.getByRole('heading', { name: 'Two-step verification is on' }).waitFor();
  }

  test('a key is set up from nothing in four pages, and signs in by itself', async () => {
    const ada = await visitor('key-ada');
    const { page } = ada;
    await plugIn(page);
    await signIn(ada);
    await heading(page, 'Choose a method');
    await isForEverybody(page, 'key-choose');
    await choose(page);
    await isForEverybody(page, 'key-add');
    await page.getByRole('button', { name: 'Use a key or this device' }).click();
    await page.getByText('It is added.').waitFor();
    await isForEverybody(page, 'key-name');
    await nameIt(page, 'YubiKey on my key ring');
    await heading(page, 'Save your recovery codes');
    await page.getByLabel('I have saved my codes').check();
    await page.getByRole('button', { name: 'Turn on two-step verification' }).click();
    await page.getByRole('heading', { level: 3, name: 'YubiKey on my key ring' }).waitFor();
    await isForEverybody(page, 'key-security');
    await ada.context.clearCookies();
    await signIn(ada);
    await page.waitForURL('**/security'); // asked for by itself, and touched
    await ada.context.close();
  }, 120_000);

  test('what is cancelled, takes too long or is of another is said, and there is a way on', async () => {
    const bob = await visitor('key-bob');
    const { page } = bob;
    const device = await plugIn(page);
    await signIn(bob);
    await setUpKey(bob, 'My key');
    await bob.context.clearCookies();
    await touches(device, false);
    await signIn(bob);
    await heading(page, 'Use your security key or passkey');
    await page.getByText('Touch “My key”').waitFor();
    await isForEverybody(page, 'key-ask');
    await page.getByRole('button', { name: /^Recovery code/ }).click(); // what the browser asks ends with it
    await page.getByLabel('Recovery code').waitFor();
    await unplug(device);
    const other = await plugIn(page); // which holds nothing for here
    await page.getByRole('button', { name: /My key/ }).click();
    await page.getByRole('button', { name: /Use my key|Try again/ }).click();
    await page.getByText('Nothing was confirmed: it was cancelled, or it took too long.').waitFor();
    await isForEverybody(page, 'key-failed');
    await unplug(other);
    for (const [name, told] of [
      ['NotAllowedError', 'Nothing was confirmed: it was cancelled, or it took too long.'],
      ['SecurityError', 'Security keys do not work at this address.'],
      ['UnknownError', 'The key or device could not do it.'],
      ['NotSupportedError', 'This browser cannot use security keys or passkeys.'],
    ]) {
      await page.evaluate(
        `navigator.credentials.get = () => Promise.reject(new DOMException('made up', '${name}'))`,
      );
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText(told!).waitFor();
    }
    await page.getByRole('button', { name: /^Recovery code/ }).click();
    await page.getByLabel('Recovery code').waitFor(); // the way on
    await bob.context.close();
  }, 120_000);

  test('a browser without WebAuthn is told so, and what else there is', async () => {
    const carol = await visitor('key-carol');
    const { page } = carol;
    await page.addInitScript('delete window.PublicKeyCredential');
    await signIn(carol);
    await heading(page, 'Choose a method');
    await choose(page);
    await page.getByText('This browser cannot use security keys or passkeys.').waitFor();
    await page.getByRole('button', { name: 'Choose another method' }).click();
    await heading(page, 'Choose a method');
    await carol.context.close();
  }, 60_000);

  test('the same device twice is refused, a second one added, renamed and removed; browsers are told what counts', async () => {
    const dave = await visitor('key-dave');
    const { page } = dave;
    const first = await plugIn(page);
    await signIn(dave);
    await setUpKey(dave, 'This laptop');
    await page.getByRole('link', { name: 'Add a method' }).click();
    await choose(page);
    await page.getByRole('button', { name: 'Use a key or this device' }).click();
    await page.getByText('is one of your methods already').waitFor();
    await isForEverybody(page, 'key-registered');
    await unplug(first);
    await plugIn(page, { transport: 'usb' });
    const asked = page.waitForRequest((request) => request.postData()?.includes('hints') ?? false);
    await page.getByRole('button', { name: 'Ask for a security key' }).click();
    expect((await asked).postDataJSON()).toEqual({ type: 'webauthn', hints: ['security-key'] });
    await nameIt(page, 'Spare key');
    await page.waitForURL('**/security');
    const row = page.getByRole('listitem').filter({ hasText: 'Spare key' });
    await row.getByRole('button', { name: /^Rename/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Key in the drawer');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { level: 3, name: 'Key in the drawer' }).waitFor();
    // the key that is not shown first signs in as well: what is plugged in now is the spare one
    await dave.context.clearCookies();
    await page.addInitScript(`
      PublicKeyCredential.signalAllAcceptedCredentials = async (told) => { window.told = told; };
      PublicKeyCredential.signalCurrentUserDetails = async (details) => { window.details = details; };
    `);
    await signIn(dave);
    await page.waitForURL('**/security');
    await page.getByRole('heading', { level: 3, name: 'Key in the drawer' }).waitFor();
    const called = 'key-dave@acme.example';
    await given(page, 'window.details');
    expect(await page.evaluate('[window.details.name, window.details.displayName, window.told]')).toEqual([
      called,
      called,
      undefined,
    ]);
    const renamed = page.getByRole('listitem').filter({ hasText: 'Key in the drawer' });
    await renamed.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('Key in the drawer was removed.').waitFor();
    expect(await given(page, 'window.told')).toMatchObject({
      rpId: 'localhost',
      allAcceptedCredentialIds: [expect.any(String)],
    });
    await dave.context.close();
  }, 120_000);

  test('a key’s question that was left open too long leads back to signing in', async () => {
    const heidi = await visitor('key-heidi');
    const { page } = heidi;
    const device = await plugIn(page);
    await signIn(heidi);
    await setUpKey(heidi, 'Key');
    await heidi.context.clearCookies();
    await touches(device, false);
    await signIn(heidi);
    await heading(page, 'Use your security key or passkey');
    await page.getByRole('button', { name: 'Follow your browser…' }).waitFor(); // its own question is on its way
    await page.route('**/webauthn-options', (route) =>
      route.fulfill({
        status: 410,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'challenge-expired' }),
      }),
    );
    await page.getByRole('button', { name: /^Recovery code/ }).click();
    await page.getByRole('button', { name: /^Key/ }).click();
    await page.getByText('This sign-in was open for too long').waitFor();
    await heading(page, /^Sign in/);
    await heidi.context.close();
  }, 60_000);

  test('a passkey signs in without a name, from the button and from the list of the browser', async () => {
    const erin = await visitor('key-erin');
    const { page } = erin;
    const device = await plugIn(page);
    await signIn(erin);
    await setUpKey(erin, 'This phone');
    const policy = `/v1/domains/acme/policy`;
    const { api, operatorToken: token } = pages.standalone;
    const { body, headers } = await api('GET', policy, { token });
    const factors = { ...body.factors, webauthn: { ...body.factors.webauthn, passkeySignIn: true } };
    const permitted = await api('PUT', policy, {
      token,
      body: { ...body, factors },
      headers: { 'if-match': String(headers.etag) },
    });
    expect(permitted.status).toBe(200);

    await erin.context.clearCookies();
    await touches(device, false);
    const toSignIn = async () => {
      const listed = page.waitForResponse('**/passkey-challenges');
      await visitWhatLeadsOn(page, `${pages.standalone.url}/sign-in/acme`);
      await listed;
      await given(page, 'window.asked');
      await sleep(500); // the list is there, and finds nothing that is touched
    };
    await page.addInitScript(`
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = (asked) => { window.asked = true; return get(asked); };
    `);
    await toSignIn();
    // a list that comes late does not end the dialog of the button
    const late = Promise.withResolvers<void>();
    const isLate = async (route: Route) => {
      await late.promise;
      await route.continue();
    };
    await page.route('**/passkey-challenges', isLate, { times: 1 });
    const held = page.waitForRequest('**/passkey-challenges');
    await page.reload();
    await held;
    const begun = page.waitForResponse('**/passkey-challenges');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await begun;
    const lateOne = page.waitForResponse('**/passkey-challenges');
    late.resolve();
    await lateOne;
    await sleep(500);
    expect(await page.getByText('Nothing was confirmed').count()).toBe(0);

    await toSignIn();
    expect(await page.getByLabel('Email or login').getAttribute('autocomplete')).toBe('username webauthn');
    await isForEverybody(page, 'sign-in-passkey');
    await touches(device, true);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL('**/security');
    await page.getByRole('heading', { level: 3, name: 'This phone' }).waitFor();

    await erin.context.clearCookies();
    await visitWhatLeadsOn(page, `${pages.standalone.url}/sign-in/acme`); // the list chooses the only one there is
    await page.waitForURL('**/security');
    await page.goto('about:blank'); // a page that leads nowhere when the cookies are gone

    // removed elsewhere: whoever keeps it is told, and the person goes on with the password
    await page.route('**/passkey-sign-in', (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'not-enrolled' }),
      }),
    );
    await erin.context.clearCookies();
    await page.addInitScript(
      `PublicKeyCredential.signalUnknownCredential = async (told) => { window.told = told; };`,
    );
    await touches(device, false);
    await toSignIn();
    await touches(device, true);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByText('This passkey is not known here, or not any more.').waitFor();
    expect(await given(page, 'window.told')).toMatchObject({ rpId: 'localhost' });
    await isForEverybody(page, 'sign-in-passkey-unknown');
    await erin.context.close();
  }, 120_000);

  test('all of it by keyboard alone, and in Dutch', async () => {
    const faythe = await visitor('key-faythe');
    const { page } = faythe;
    await plugIn(page);
    const { keyboard } = page;
    const tabTo = async (wanted: RegExp) => {
      for (
        let n = 0;
        n < 30 && !wanted.test(await page.evaluate<string>('document.activeElement.textContent'));
        n++
      )
        await keyboard.press('Tab');
    };
    await page.goto(`${pages.standalone.url}/sign-in/acme`);
    await page.getByRole('button', { name: 'Nederlands' }).click();
    await page.getByLabel('E-mailadres of gebruikersnaam').fill(faythe.login);
    await page.getByLabel('Wachtwoord').fill(faythe.password);
    await keyboard.press('Enter');
    await page.getByText('Beveiligingssleutel of passkey').waitFor();
    await tabTo(/^Beveiligingssleutel of passkey/);
    await keyboard.press('Enter');
    await heading(page, 'Een beveiligingssleutel of passkey toevoegen');
    await isForEverybody(page, 'key-add-nl');
    await tabTo(/^Een sleutel of dit apparaat/);
    await keyboard.press('Enter');
    await page.getByText('Hij is toegevoegd.').waitFor();
    await keyboard.press('Enter'); // the name that is proposed, in the field that has the focus
    await heading(page, /herstelcodes/i);
    await faythe.context.close();
  }, 120_000);

  test('two tabs ask for the key side by side, and each signs in', async () => {
    const grace = await visitor('key-grace');
    const device = await plugIn(grace.page);
    await signIn(grace);
    await setUpKey(grace, 'Key');
    await grace.context.clearCookies();
    const { credentials } = await device.cdp.send('WebAuthn.getCredentials', device);
    const second = { ...grace, page: await grace.context.newPage() };
    const same = await plugIn(second.page);
    const { authenticatorId } = same;
    const credential = { ...credentials[0]!, signCount: 100 }; // a page has a device of its own here
    await same.cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    for (const one of [device, same]) await touches(one, false);
    for (const one of [grace, second]) {
      await signIn(one);
      await heading(one.page, 'Use your security key or passkey');
    }
    for (const [one, its] of [
      [grace, device],
      [second, same],
    ] as const) {
      await touches(its, true);
      await one.page.getByRole('button', { name: /^Recovery code/ }).click();
      await one.page.getByRole('button', { name: /^Key/ }).click();
      await one.page.waitForURL('**/security');
    }
    await grace.context.close();
  }, 90_000);
});
