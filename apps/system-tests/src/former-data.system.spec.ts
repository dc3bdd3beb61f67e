import { chmodSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Standalone, temporaryDirectory, Tenant, totpCode } from '@sparekey/testing';

/*
 * A data directory that an earlier version wrote opens in this one: people sign in as before, and what is spent stays spent.
 */
const FIXTURE = fileURLToPath(new URL('./fixtures/before-the-seam', import.meta.url));

interface Person {
  readonly secret: string;
  readonly codes: readonly string[];
  /** Places of the codes that were used. */
  readonly spent: readonly number[];
}
const { domain, serviceToken, account, ada, bob } = JSON.parse(
  readFileSync(`${FIXTURE}/people.json`, 'utf8'),
) as { domain: string; serviceToken: string; account: object; ada: Person; bob: Person };

const { path, remove } = temporaryDirectory();
let standalone: Standalone;
let acme: Tenant;

beforeAll(async () => {
  cpSync(FIXTURE, path, { recursive: true });
  for (const file of readdirSync(path)) chmodSync(`${path}/${file}`, 0o600); // as Git does not keep it
  standalone = await Standalone.start({ dataDirectory: path });
  acme = Tenant.of(standalone.api, domain, serviceToken, standalone.operatorToken);
});
afterAll(async () => {
  await standalone.end('SIGKILL');
  remove();
});

test.each([
  ['ada', ada],
  ['bob', bob],
])('what %s spent stays spent, and the rest still works', async (user, { secret, codes, spent }) => {
  const recovery = (n: number) => ({ method: 'recovery-code', code: codes[n] });
  for (const n of spent)
    expect((await acme.answer(await acme.challenge(user), recovery(n))).body.code).toBe('code-rejected');
  const { body } = await acme.service('GET', `/users/${user}/security`);
  expect(body.recoveryCodes).toMatchObject({ total: 16, remaining: 16 - spent.length });
  const unspent = codes.findIndex((_, n) => !spent.includes(n));
  expect((await acme.answer(await acme.challenge(user), recovery(unspent))).status).toBe(200);
  expect((await acme.answer(await acme.challenge(user), recovery(unspent))).status).toBe(403);
  const code = totpCode(secret, Date.now());
  expect((await acme.answer(await acme.challenge(user), { method: 'totp', code })).status).toBe(200);
  expect((await acme.answer(await acme.challenge(user), { method: 'totp', code })).status).toBe(403);
  const after = await acme.service('GET', `/users/${user}/security`);
  expect(after.body.recoveryCodes.remaining).toBe(15 - spent.length);
  expect(after.body.factors[0]).toMatchObject({ type: 'totp', status: 'confirmed', default: true });
});

test('an account signs in as before', async () => {
  expect((await acme.api('POST', '/v1/identity/sign-in', { body: account })).body.decision).toBe('challenge');
});
