import { totpCode, Tenant, wrongCode } from '../people.ts';
import type { Api } from '../api.ts';
import { World, type InProcess } from '../in-process.ts';
import { USERS } from './sample-log.ts';

/** People of two domains to ask questions of, in a world of their own whose log stands still. */
export async function liveALittle(): Promise<{ world: World; app: InProcess; close(): Promise<void> }> {
  const world = new World();
  const app = await world.start();
  const now = () => world.clock.now();
  const acme = await Tenant.create(app.api, world.operatorToken);
  await Tenant.create(app.api, world.operatorToken, 'a-c');
  for (const user of USERS)
    await acme.service('PUT', `/users/${user}`, { emails: [`${user}@x.example`, 'office@x.example'] });
  for (const user of ['zoe', 'Ada']) {
    const { secret, codes } = await acme.enrol(user, now);
    for (let n = 0; n < 4; n++) {
      world.clock.advance(40_000);
      const context = { ip: `203.0.113.${n}`, userAgent: 'Firefox' };
      const id = (await acme.open(user, { context, signInId: `s-${n}` })).body.challengeId as string;
      await acme.answer(id, { method: 'totp', code: wrongCode(secret, now()) });
      await acme.answer(
        id,
        n === 0
          ? { method: 'recovery-code', code: codes[n] }
          : { method: 'totp', code: totpCode(secret, now()) },
      );
    }
  }
  await world.sent();
  return { world, app, close: () => world.close() };
}

type Question = (api: Api, token: string) => Promise<unknown[]>;

/** Everything of a list, page by page. */
const paged =
  (path: string): Question =>
  async (api, token) => {
    const pages: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const separator = path.includes('?') ? '&' : '?';
      const next: string = cursor && `${separator}cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await api('GET', `/v1/domains${path}${next}`, { token });
      if (status !== 200) throw new Error(`${path}: ${status}`);
      pages.push(body);
      cursor = body.next as string | null;
    }
    return pages;
  };

const whole =
  (path: string): Question =>
  async (api, token) => {
    const { status, body } = await api('GET', `/v1/domains/acme${path}`, { token });
    if (status !== 200) throw new Error(`${path}: ${status}`);
    return [body];
  };

/** What the audit log and the directory are asked. */
export const QUERIES: readonly Question[] = [
  paged('?limit=1'),
  ...[
    'limit=3',
    'query=office@x.example&limit=4',
    'query=Ada',
    'state=on',
    'state=off&limit=5',
    'state=codes-low',
  ].map((query) => paged(`/acme/users?${query}`)),
  whole('/readiness'),
  ...[
    'limit=7',
    'user=Ada&limit=3',
    'action=code.rejected&limit=3',
    'outcome=failure',
    'user=zoe&outcome=failure&limit=1',
    'user=ada&action=code.used',
    'from=2026-03-02T00:00:00.000Z&to=2026-03-03T00:00:00.000Z&limit=5',
  ].map((query) => paged(`/acme/audit?${query}`)),
  whole('/users/zoe/audit?limit=5'),
  whole('/audit/export?format=ndjson'),
  whole('/audit/export?format=csv'),
];
