import { createHistogram } from 'node:perf_hooks';
import { Pool } from 'undici';

export interface Shot {
  readonly path: string;
  /** Made just before a run, not while it is timed: codes depend on the time, and are good for longer than a run. */
  readonly body: () => string;
}

interface Loaded {
  readonly path: string;
  readonly text: string;
}

const load = (shots: readonly Shot[]): Loaded[] => shots.map(({ path, body }) => ({ path, text: body() }));

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
}

async function shoot(pool: Pool, { path, text }: Loaded): Promise<boolean> {
  const answer = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: text,
  });
  await answer.body.arrayBuffer();
  return answer.statusCode === 200;
}

/** Sends every shot once, as fast as `connections` allow, each connection one at a time. */
export async function closedLoop(url: string, connections: number, shots: readonly Shot[]): Promise<Load> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const times = createHistogram();
  const loaded = load(shots);
  let [next, failures] = [0, 0];
  const began = performance.now();
  const lane = async () => {
    for (let shot = loaded[next++]; shot; shot = loaded[next++]) {
      const from = performance.now();
      if (!(await shoot(pool, shot))) failures++;
      times.record(Math.max(1, Math.round((performance.now() - from) * 1_000)));
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return summary(shots.length / seconds, times, failures);
}

/** Sends shots at a fixed rate, whatever comes back, and counts each from the moment it was due. */
export async function openLoop(url: string, perSecond: number, shots: readonly Shot[]): Promise<Load> {
  const pool = new Pool(url, { connections: 256, pipelining: 1 });
  const times = createHistogram();
  const loaded = load(shots);
  const hello = {
    path: '/v1/challenges/none/answers',
    text: JSON.stringify({ method: 'totp', code: '000000' }),
  };
  await Promise.all(Array.from({ length: 256 }, () => shoot(pool, hello))); // connections are open before it counts
  let failures = 0;
  const began = performance.now();
  const under: Promise<void>[] = [];
  for (let next = 0; next < shots.length;) {
    const due = Math.min(shots.length, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    for (; next < due; next++) {
      const from = began + (next / perSecond) * 1_000;
      const one = shoot(pool, loaded[next]!).then((ok) => {
        if (!ok) failures++;
        times.record(Math.max(1, Math.round((performance.now() - from) * 1_000)));
      });
      under.push(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(under);
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  return summary(shots.length / seconds, times, failures);
}

function summary(perSecond: number, times: ReturnType<typeof createHistogram>, failures: number): Load {
  return { perSecond, p50: times.percentile(50) / 1_000, p99: times.percentile(99) / 1_000, failures };
}
