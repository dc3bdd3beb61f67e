import { readFileSync } from 'node:fs';
import { authenticator } from '@sparekey/factors/testing';
import type { SeededUser, Tenant } from '@sparekey/testing';
import { product } from './answers.ts';
import { closedLoop, type Load, type Shot } from './load.ts';

const LANES = 64;
/** Clock ticks of `/proc`, which Linux fixes at 100 a second. */
const TICK_MS = 10;

/** Milliseconds of processor that a process has used. */
function processorOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export interface Beside {
  readonly load: Load;
  /** Milliseconds for each answer. */
  readonly processor: number;
}

/** Answers by key (ES256), in turn with answers by code of other people in the same process. */
export async function keysBesideCodes(
  count: number,
  connections: number,
  rounds: number,
): Promise<readonly (readonly [keys: Beside, codes: Beside])[]> {
  const subject = await product(count * (rounds + 1) * 2);
  const { standalone, tenant, seeded, url, pid } = subject;
  const run = async (shots: readonly Shot[]): Promise<Beside> => {
    const before = processorOf(pid);
    const load = await closedLoop(url, connections, shots);
    if (load.failures > 0) throw new Error(`${load.failures} answers failed`);
    return { load, processor: (processorOf(pid) - before) / shots.length };
  };
  const measured: (readonly [Beside, Beside])[] = [];
  for (let round = 0; round <= rounds; round++) {
    const keys = await openKeys(tenant, standalone.url, seeded.splice(0, count));
    const codes = await subject.take(count);
    const pair = [await run(keys), await run(codes)] as const;
    if (round > 0) measured.push(pair); // the first one warms up
  }
  await subject.stop();
  return measured;
}

/** People who add a key each, and are asked for it. */
async function openKeys(tenant: Tenant, origin: string, users: readonly SeededUser[]): Promise<Shot[]> {
  const queue = [...users];
  const shots: Shot[] = [];
  const lane = async () => {
    for (let user = queue.pop(); user; user = queue.pop())
      shots.push(await openKey(tenant, origin, user.userId));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return shots;
}

async function openKey(tenant: Tenant, origin: string, userId: string): Promise<Shot> {
  const key = authenticator({ origin });
  const { body: added } = await tenant.service('POST', `/users/${userId}/factors`, { type: 'webauthn' });
  const credential = key.create(added.creationOptions as Parameters<typeof key.create>[0]);
  const confirm = `/users/${userId}/factors/${String(added.factorId)}/confirm`;
  await tenant.service('POST', confirm, { credential });
  const challengeId = await tenant.challenge(userId);
  const { body: options } = await tenant.api('POST', `/v1/challenges/${challengeId}/webauthn-options`);
  const answer = key.get(options as Parameters<typeof key.get>[0]);
  const text = JSON.stringify({ method: 'webauthn', credential: answer });
  return { path: `/v1/challenges/${challengeId}/answers`, body: () => text };
}
