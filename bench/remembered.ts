import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { auditProjection } from '@sparekey/audit/projection';
import { codec, verificationStream } from '@sparekey/contracts';
import { RoomTail, type EventRecord, type EventStore } from '@sparekey/event-sourcing';
import { Projector } from '@sparekey/read-models';
import { DataDirectory, openLogToFollow, openViewsToWrite, SqliteKeyRing } from '@sparekey/sqlite';
import { Standalone, temporaryDirectory, Tenant, World } from '@sparekey/testing';
import { readMasterKeys, Vault } from '@sparekey/vault';
import { Kysely } from 'kysely';

const DOMAIN = 'acme';
const OLD = 'old';
const CHUNK = 500;
const guards = { domain: 0, factors: 0, codes: 0 };

/** A data directory with a domain of so many sign-ins in two events each; a tenth of them are one person's. */
export interface History {
  readonly path: string;
  readonly events: number;
  readonly from: number;
  remove(): void;
}

export async function pastOf(events: number): Promise<History> {
  const { path, remove } = temporaryDirectory();
  const standalone = await Standalone.start({ dataDirectory: path });
  await Tenant.create(standalone.api, standalone.operatorToken, DOMAIN);
  await standalone.end();
  const directory = new DataDirectory(path);
  const masterKeys = readMasterKeys(directory.secretFile('master-keys', () => '').text);
  const keys = new DatabaseSync(join(path, 'keys.db'));
  keys.exec('PRAGMA synchronous = OFF');
  const vault = new Vault(new SqliteKeyRing(keys), masterKeys);
  const store = directory.openEventStore();
  const from = Date.now() - events * 1_000;
  const lengths = new Map<string, number>();
  for (let n = 0; n < events; n += CHUNK) {
    const user = (n / CHUNK) % 10 === 0 ? OLD : `user-${(n / CHUNK) % 997}`;
    await signIns(store, vault, user, from + n * 1_000, lengths);
  }
  keys.close();
  await directory.close();
  return { path, events, from, remove };
}

async function signIns(
  store: EventStore,
  vault: Vault,
  user: string,
  from: number,
  lengths: Map<string, number>,
): Promise<void> {
  const stream = verificationStream(DOMAIN, user);
  const length = lengths.get(stream) ?? 0;
  const factorId = '0f000000-0000-4000-8000-000000000001';
  // whoever is registered has a key for contacts, and a ring without it is taken for an older one
  if (length === 0)
    await vault.seal({ domain: DOMAIN, user }, 'contact', '{}', { eventId: factorId, field: 'contacts' });
  const records: EventRecord[] = [];
  for (let n = 0; n < CHUNK; n += 2) {
    const [id, challengeRef] = [randomUUID(), randomUUID()];
    const text = JSON.stringify({ ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' });
    const place = { eventId: id, field: 'context' };
    const context = await vault.seal({ domain: DOMAIN, user }, 'context', text, place);
    const time = from + n * 1_000;
    const origin = {
      domain: DOMAIN,
      subject: user,
      actor: { kind: 'service', id: 'payroll' } as const,
      correlationId: randomUUID(),
      causationId: randomUUID(),
      time,
    };
    const opened = {
      challengeRef,
      purpose: 'sign-in',
      service: 'payroll',
      context,
      epoch: 0,
      expiresAt: time,
    };
    const consumes = { through: Math.floor(time / 30_000) };
    const passed = { challengeRef, method: 'totp', holder: factorId, consumes, guards };
    records.push(
      { ...origin, ...codec.encode({ type: 'ChallengeOpened', data: opened }), id },
      { ...origin, ...codec.encode({ type: 'ChallengePassed', data: passed }), id: randomUUID() },
    );
  }
  await store.append(stream, length === 0 ? 'no-stream' : length - 1, records);
  lengths.set(stream, length + CHUNK);
}

export interface Rebuilt {
  /** Events a second. */
  readonly ours: number;
  readonly floor: number;
  /** Megabytes of heap in use after a tenth of the events, and at the end. */
  readonly early: number;
  readonly late: number;
}

/** The audit log from zero, and beside it a program that only parses, hashes and inserts the same rows. */
export async function rebuild({ path, events }: History): Promise<Rebuilt> {
  const floor = insertAll(path, events);
  const views = temporaryDirectory();
  const store = openLogToFollow(path);
  const database = new Kysely<never>({ dialect: openViewsToWrite(views.path) });
  const projector = new Projector({ database, store, codec, projections: [auditProjection], now: Date.now });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const megabytes = () => {
    collect();
    return process.memoryUsage().heapUsed / 1_048_576;
  };
  const began = performance.now();
  let early = 0;
  for (let batches = 0; !(await projector.advance()); batches++)
    if (batches === Math.floor(events / 10_000)) early = megabytes();
  const ours = events / ((performance.now() - began) / 1_000);
  const late = megabytes();
  await database.destroy();
  await store.close();
  views.remove();
  return { ours, floor, early, late };
}

function insertAll(path: string, events: number): number {
  const { path: other, remove } = temporaryDirectory();
  const log = new DatabaseSync(join(path, 'log.db'), { readOnly: true });
  const views = new DatabaseSync(join(other, 'views.db'));
  views.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384');
  const texts = Array.from({ length: 17 }, (_, n) => `c${n} TEXT`).join(', ');
  views.exec(`CREATE TABLE entry (seq INTEGER PRIMARY KEY, time INTEGER, idx INTEGER, ${texts})`);
  for (const columns of [
    'c1, time',
    'c1, c2, time',
    'c1, c3, time',
    'c1, c4, time',
    'c1, c2, c3, time',
    'c1, c2, c4, time',
  ])
    views.exec(`CREATE INDEX "${columns}" ON entry (${columns}, seq)`);
  views.exec('CREATE INDEX by_context ON entry (c15) WHERE c14 IS NOT NULL');
  const insert = views.prepare(`INSERT INTO entry VALUES (${Array.from({ length: 20 }, () => '?').join()})`);
  const page = log.prepare(
    `SELECT position, stream.name, revision, hex(event.id) AS id, type, time, origin, data
     FROM event JOIN stream ON stream.id = event.stream WHERE position > ? ORDER BY position LIMIT 1000`,
  );
  const began = performance.now();
  for (let position = 0; ;) {
    const rows = page.all(position) as {
      position: number;
      id: string;
      type: string;
      time: number;
      origin: string;
      data: string;
    }[];
    if (rows.length === 0) break;
    views.exec('BEGIN');
    for (const row of rows) {
      const { domain, subject = null, actor, correlationId } = JSON.parse(row.origin);
      const data = JSON.parse(row.data);
      const texts = [
        row.id,
        domain,
        subject,
        row.type,
        'success',
        actor.kind,
        actor.id,
        data.factorId ?? data.holder ?? null,
        data.method ?? null,
      ];
      texts.push(
        null,
        data.service ?? null,
        data.challengeRef ?? null,
        null,
        correlationId,
        data.context ?? null,
        data.challengeRef ?? null,
        null,
      );
      createHash('sha256').update(JSON.stringify(texts)).digest();
      insert.run(row.position, row.time, null, ...texts);
      position = row.position;
    }
    views.exec('COMMIT');
  }
  const perSecond = events / ((performance.now() - began) / 1_000);
  views.close();
  log.close();
  remove();
  return perSecond;
}

/** 99 of 100 first pages come within so many milliseconds, by what they are asked for. */
export async function pages(
  { path, from, events }: History,
  samples: number,
): Promise<Record<string, number>> {
  const standalone = await Standalone.start({ dataDirectory: path, environment: { LOG_LEVEL: 'silent' } });
  const { operatorToken: token } = standalone;
  const isBehind = async () =>
    (await standalone.api('GET', '/health/ready')).body.followers.projections.audit?.state !== 'live';
  while (await isBehind()) await sleep(200);
  const times: Record<string, number> = {};
  const at = (part: number) => new Date(from + events * 1_000 * part).toISOString();
  const asked: Record<string, () => string> = {
    'by user': () => `user=${OLD}`,
    'by action': () => 'action=code.used',
    'by time': () => `from=${at(Math.random() * 0.5)}&to=${at(0.5 + Math.random() * 0.5)}`,
    'by user and action': () => `user=${OLD}&action=code.used`,
    'by outcome that there is none of': () => 'outcome=failure',
  };
  for (const [name, query] of Object.entries(asked)) {
    const histogram = createHistogram();
    for (let n = 0; n < samples; n++) {
      const began = performance.now();
      const { status } = await standalone.api('GET', `/v1/domains/${DOMAIN}/audit?${query()}`, { token });
      if (status !== 200) throw new Error(`answered ${status}`);
      histogram.record(Math.max(1, Math.round((performance.now() - began) * 1_000)));
    }
    times[name] = histogram.percentile(99) / 1_000;
  }
  await standalone.end();
  return times;
}

/** Milliseconds from an acknowledged append to the listener: median and p99, on an idle machine. */
export async function listening(samples: number): Promise<{ p50: number; p99: number }> {
  let heard: (at: number) => void = () => undefined;
  const world = new World();
  const { api } = await world.start(undefined, 'silent');
  const tail = new RoomTail({
    room: 'bench',
    filters: [{ type: 'UserRegistered' }],
    deliver: async () => heard(performance.now()),
    store: world.store,
    state: world.directory.openListenerState(),
    codec,
    now: Date.now,
    onTrouble: (_what, _room, _event, cause) => console.error(cause),
  });
  tail.start();
  const acme = await Tenant.create(api, world.operatorToken);
  const histogram = createHistogram();
  for (let n = 0; n < samples; n++) {
    const told = new Promise<number>((resolve) => (heard = resolve));
    const forget = world.store.onAppended(() => (appended ??= performance.now()));
    let appended: number | undefined;
    await acme.service('PUT', `/users/user-${n}`, {});
    forget();
    histogram.record(Math.max(1, Math.round(((await told) - appended!) * 1_000)));
    await sleep(10);
  }
  await tail.stop();
  await world.close();
  return { p50: histogram.percentile(50) / 1_000, p99: histogram.percentile(99) / 1_000 };
}
