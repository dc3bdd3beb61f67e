import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  seedUsers,
  Standalone,
  temporaryDirectory,
  Tenant,
  totpCode,
  type SeededUser,
} from '@sparekey/testing';
import type { Shot } from './load.ts';

/** Something that answers TOTP challenges: the product, or the floor under it. */
export interface Subject {
  readonly url: string;
  readonly pid: number;
  /** Shots that were not fired yet. */
  take(count: number): Promise<Shot[]>;
  stop(): Promise<void>;
}

const SEED_SIZE = 20;

/** The built standalone on a fresh data directory, with users enrolled; challenges are opened as they are taken. */
export async function product(
  users: number,
  prepare?: (path: string) => Promise<void>,
): Promise<Subject & { standalone: Standalone; tenant: Tenant; seeded: SeededUser[] }> {
  const { path, remove } = temporaryDirectory();
  await prepare?.(path);
  const seeded = await seedUsers(path, 'acme', users);
  const standalone = await Standalone.start({ dataDirectory: path, environment: { LOG_LEVEL: 'info' } });
  const tenant = await Tenant.create(standalone.api, standalone.operatorToken);
  return {
    standalone,
    tenant,
    seeded,
    url: standalone.url.replace('localhost', '127.0.0.1'),
    pid: standalone.child.pid!,
    take: (count) => openChallenges(tenant, seeded.splice(0, count)),
    async stop() {
      await standalone.end();
      remove();
    },
  };
}

async function openChallenges(tenant: Tenant, users: SeededUser[]): Promise<Shot[]> {
  const shots: Shot[] = [];
  const queue = [...users];
  const lane = async () => {
    for (let user = queue.pop(); user; user = queue.pop()) {
      const { secret, userId } = user;
      const challengeId = await tenant.challenge(userId);
      const body = () => JSON.stringify({ method: 'totp', code: totpCode(secret, Date.now()) });
      shots.push({ path: `/v1/challenges/${challengeId}/answers`, body });
    }
  };
  await Promise.all(Array.from({ length: 64 }, lane));
  return shots;
}

/** @param commits `group`, or `single` for one transaction an append */
export async function floor(commits: 'group' | 'single' = 'group'): Promise<Subject> {
  const { path, remove } = temporaryDirectory();
  const { randomBytes, randomUUID } = await import('node:crypto');
  const { ScureBase32Plugin } = await import('otplib');
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'floor.ts'), join(path, 'floor.db'), commits],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.write('[]\n');
  const port = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    async take(count) {
      const known = Array.from({ length: count }, () => ({
        id: randomUUID(),
        user: randomUUID(),
        secret: randomBytes(SEED_SIZE),
      }));
      const lines = known.map(({ secret, ...rest }) => ({ ...rest, secret: secret.toString('hex') }));
      child.stdin.write(`${JSON.stringify(lines)}\n`);
      await new Promise((resolve) => setTimeout(resolve, 300)); // until it has read them
      return known.map(({ id, secret }) => {
        const text = new ScureBase32Plugin().encode(secret);
        const body = () => JSON.stringify({ method: 'totp', code: totpCode(text, Date.now()) });
        return { path: `/v1/challenges/${id}/answers`, body };
      });
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      remove();
    },
  };
}
