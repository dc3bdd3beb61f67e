import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MailServer, SmsProvider, Standalone, temporaryDirectory, type Api } from '@sparekey/testing';
import { scale } from './scale.ts';

/*
 * Everybody's contacts change while the process is killed again and again: each change is told once by mail and once by
 * text message, whatever the providers do meanwhile.
 */

const PEOPLE = scale(150, 5_000);
const KILLS = scale(2, 12);
const LANES = 32;

const { path, remove } = temporaryDirectory();
const mail = new MailServer();
const sms = new SmsProvider();
let standalone: Standalone;
let ending = false;

const start = () =>
  Standalone.start({
    dataDirectory: path,
    connections: LANES + 4,
    environment: { SPAREKEY_SMTP_URL: mail.url, SPAREKEY_SMS_URL: sms.url, LOG_LEVEL: 'error' },
  });

beforeAll(async () => {
  await mail.start();
  await sms.start();
  standalone = await start();
});
afterAll(async () => {
  ending = true;
  await standalone.end();
  await mail.stop();
  await sms.stop();
  remove();
});

const person = (n: number) => ({
  user: `user-${n}`,
  emails: [`user-${n}@acme.example`],
  phone: `+3165${String(n).padStart(7, '0')}`,
});

/** Asked again until it is answered: who was not answered does not know whether it happened. */
async function insist(call: (api: Api) => ReturnType<Api>): Promise<void> {
  while (!ending) {
    const status = await call(standalone.api).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200 || status === 201) return;
    await sleep(50);
  }
}

async function everybody(body: (n: number) => object): Promise<void> {
  const waiting = Array.from({ length: PEOPLE }, (_, n) => n);
  const lane = async () => {
    for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
      const { user } = person(n);
      await insist((api) =>
        api('PUT', `/v1/domains/acme/users/${user}`, { token: standalone.operatorToken, body: body(n) }),
      );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function ready(): Promise<{ followers: { parked: number; projections: Record<string, Projection> } }> {
  return (await standalone.api('GET', '/health/ready')).body;
}
interface Projection {
  readonly behind: number;
  readonly state: string;
  readonly checksum: string;
}

async function settled(): Promise<Record<string, string>> {
  for (;;) {
    const metrics = String((await standalone.api('GET', '/metrics')).body);
    const figures = [
      ...metrics.matchAll(/^sparekey_(?:listener_behind|projection_behind)_events\{.+\} (\d+)/gm),
      ...metrics.matchAll(/^sparekey_notices_pending (\d+)/gm),
    ];
    if (figures.length > 6 && figures.every(([, figure]) => figure === '0')) {
      const projections = Object.entries((await ready()).followers.projections);
      const isWhole = projections.every(([, { behind, state }]) => behind === 0 && state === 'live');
      if (isWhole) return Object.fromEntries(projections.map(([name, { checksum }]) => [name, checksum]));
    }
    await sleep(100);
  }
}

test(
  'every notice is sent once, through kills, by providers that fail, are slow and answer twice',
  async () => {
    const operator = { token: standalone.operatorToken };
    await standalone.api('PUT', '/v1/domains/acme', { ...operator, body: { displayName: 'Acme' } });
    await everybody((n) => ({ emails: person(n).emails, phone: person(n).phone }));

    const seen = new Map<string, number>();
    sms.moodFor = ({ id }) => {
      const times = (seen.get(id) ?? 0) + 1;
      seen.set(id, times);
      const kind = Number.parseInt(id.slice(0, 2), 16);
      if (times > 1) return 'takes';
      return kind < 8 ? 'takes-and-hangs-up' : kind < 16 ? 'not-now' : kind === 16 ? 'slow' : 'takes';
    };
    mail.moodFor = ({ id, to }) => {
      if (id !== '') return Number.parseInt(id.slice(0, 4), 16) % 997 === 0 ? 'slow' : 'takes';
      const times = (seen.get(to) ?? 0) + 1;
      seen.set(to, times);
      return times === 1 && Number(/\d+/.exec(to)![0]) % 50 === 7 ? 'not-now' : 'takes';
    };
    const kills = (async () => {
      for (let n = 0; n < KILLS; n++) {
        await sleep(200 + Math.random() * 1_000);
        await standalone.end('SIGKILL');
        standalone = await start();
      }
    })();
    await everybody((n) => ({ emails: person(n).emails, phone: person(n).phone, displayName: 'Renamed' }));
    await kills;
    await settled();

    const told = mail.taken.filter(({ to }) => to.endsWith('@acme.example')); // the demo has its own
    const addresses = told.map(({ to }) => to);
    const ids = new Set(told.map(({ id }) => id));
    expect(new Set(addresses).size).toBe(PEOPLE);
    expect(ids.size).toBe(PEOPLE); // a repeated one has the same Message-ID
    expect(addresses.length - PEOPLE).toBeLessThanOrEqual(KILLS);
    expect(sms.taken).toHaveLength(PEOPLE);
    expect(new Set(sms.taken.map(({ to }) => to)).size).toBe(PEOPLE);
    expect(sms.requests).toBeGreaterThan(PEOPLE); // the provider was asked again, under the same key
    expect((await ready()).followers.parked).toBe(0);
  },
  scale(120_000, 600_000),
);

test(
  'read models and cursors that are deleted are made again as they were, and nothing is sent',
  async () => {
    const before = await settled();
    const [mails, texts] = [mail.taken.length, sms.requests];
    await standalone.end();
    for (const file of [
      'views.db',
      'views.db-wal',
      'views.db-shm',
      'listeners.db',
      'listeners.db-wal',
      'listeners.db-shm',
    ])
      rmSync(`${path}/${file}`, { force: true });
    standalone = await start();
    expect(await settled()).toEqual(before);
    expect([mail.taken.length, sms.requests]).toEqual([mails, texts]);
  },
  scale(60_000, 300_000),
);
