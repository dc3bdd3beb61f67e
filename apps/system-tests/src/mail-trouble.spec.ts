import { SmtpSender } from '@sparekey/smtp';
import { eventually, MailServer, Tenant, World, type InProcess } from '@sparekey/testing';

/*
 * What a mail server says of one recipient stops nobody else; what it says of us stops everything, is told, and nothing is
 * given up. Only a verdict on the recipient ends a message.
 */

let world: World;
let app: InProcess;
let acme: Tenant;
const server = new MailServer();
let people = 0;

beforeAll(async () => {
  await server.start();
  world = new World({ now: () => Date.now(), fault: () => undefined, advance: () => undefined });
  const from = 'Sparekey <sparekey@acme.example>';
  world.senders = [new SmtpSender({ url: server.url, from, host: 'localhost', requireTLS: false })];
  app = await world.start();
  acme = await Tenant.create(app.api, world.operatorToken);
}, 30_000);
afterAll(async () => {
  await world.close();
  await server.stop();
});
afterEach(() => {
  server.answerTo = undefined;
});

/** Somebody new has a notice coming. @returns their address */
async function tell(name: string): Promise<string> {
  const user = `${name}-${++people}`;
  const address = `${user}@acme.example`;
  await acme.service('PUT', `/users/${user}`, { emails: [address] });
  await acme.service('POST', `/users/${user}/recovery-codes`);
  return address;
}
const hasCome = (address: string) =>
  eventually(async () => server.taken.some(({ to }) => to === address) || undefined);
const waiting = async () =>
  (await app.api('GET', '/health/ready')).body.waiting as Record<string, string> | undefined;
const figure = async (name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec((await app.api('GET', '/metrics')).body as string)?.[1]);

test.each([
  ['421', { code: 421, text: '4.3.2 recipient not in route list' }],
  ['greylisting', { code: 451, text: '4.7.1 greylisted' }],
  ['a full mailbox', { code: 552, text: '5.2.2 mailbox full' }],
  ['a hang-up', 'hang-up' as const],
])('%s for one recipient delays that message alone', async (_, answer) => {
  server.answerTo = (to) => (to.startsWith('late') ? answer : undefined);
  const late = await tell('late');
  for (let n = 0; n < 3; n++) await hasCome(await tell('good'));
  expect(server.taken.some(({ to }) => to === late)).toBe(false);
  server.answerTo = undefined;
  await hasCome(late);
});

test('a verdict on the recipient ends the message, and stops nobody else', async () => {
  server.answerTo = (to) => (to.startsWith('gone') ? { code: 550, text: '5.1.1 no such user' } : undefined);
  const gone = await tell('gone');
  await hasCome(await tell('good'));
  await eventually(async () => {
    await world.projector.catchUp();
    const { body } = await acme.operator('GET', `/users/${gone.split('@')[0]}/audit?action=notice.failed`);
    return (
      body.items?.some(({ detail }: { detail: { reason: string } }) => detail.reason === 'refused') ||
      undefined
    );
  });
});

test.each([
  [530, '5.7.0 authentication required'],
  [550, '5.4.5 daily sending limit exceeded'],
  [550, '5.7.1 relaying denied'],
  [552, 'quota of the sender exceeded'],
])('%i %s is trouble of the channel: all wait, it is said, and nothing is given up', async (code, text) => {
  server.answerTo = () => ({ code, text });
  const addresses = [await tell('ours'), await tell('ours')];
  const reason = await eventually(async () => (await waiting())?.email);
  expect(reason).toContain(text);
  expect(reason).not.toContain('ours-');
  expect(await figure('sparekey_notice_channels_in_trouble')).toBe(1);
  expect(app.log.join('')).toContain('a channel takes nothing');
  server.answerTo = undefined;
  for (const address of addresses) await hasCome(address);
  expect(await waiting()).toBeUndefined();
  expect(await figure('sparekey_notice_channels_in_trouble')).toBe(0);
});

test('trouble that is one message’s own after all stops nobody else', async () => {
  server.answerTo = (to) => (to.startsWith('odd') ? { code: 550, text: '5.7.1 blocked' } : undefined);
  await tell('odd');
  for (let n = 0; n < 3; n++) await hasCome(await tell('good'));
});

describe('a mailbox that is not ASCII', () => {
  const put = (world_: InProcess) =>
    world_.api('PUT', `/v1/domains/acme/users/juergen-${++people}`, {
      token: acme.token,
      body: { emails: [`j\u00fcrgen-${people}@acme.example`] },
    });

  test('is accepted where the mail server takes it, and gets its mail', async () => {
    const takes = await world.start((ports) => ({ ...ports, acceptsSmtpUtf8: async () => true }));
    expect((await put(takes)).status).toBe(201);
    await acme.service('POST', `/users/juergen-${people}/recovery-codes`);
    await hasCome(`j\u00fcrgen-${people}@acme.example`);
  });

  test('is refused by name where it does not', async () => {
    const { status, body } = await put(app);
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'emails.0', message: expect.stringContaining('SMTPUTF8') as string },
    ]);
  });

  test('is what the server says in answer to EHLO', async () => {
    const ascii = new MailServer();
    ascii.offersSmtpUtf8 = false;
    await ascii.start();
    const sender = (url: string) =>
      new SmtpSender({ url, from: 'a@b.example', host: 'localhost', requireTLS: false });
    expect(await sender(server.url).offersSmtpUtf8()).toBe(true);
    expect(await sender(ascii.url).offersSmtpUtf8()).toBe(false);
    const message = {
      id: '0'.repeat(32),
      to: 'j\u00fcrgen@acme.example',
      subject: 'x',
      text: 'x',
      html: 'x',
    };
    await expect(sender(ascii.url).send(message, AbortSignal.timeout(5_000))).rejects.toMatchObject({
      name: 'MessageRefused',
    });
    await ascii.stop();
    expect(await sender(ascii.url).offersSmtpUtf8()).toBe(false);
  });
});
