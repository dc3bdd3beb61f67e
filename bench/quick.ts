import { readFileSync } from 'node:fs';
import { floor, product } from './answers.ts';
import { closedLoop } from './load.ts';
const cpu = (pid: number) => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(f[11]) + Number(f[12])) * 10_000;
};
const n = Number(process.argv[2] ?? 8000);
const p = await product(n * 3 + 2000);
const f = await floor();
for (const s of [f, p]) await closedLoop(s.url, 64, await s.take(1000));
for (let round = 0; round < 3; round++) {
  const fs = await f.take(n),
    ps = await p.take(n);
  const c0 = cpu(f.pid);
  let c = process.cpuUsage(),
    t = performance.now();
  const a = await closedLoop(f.url, 64, fs);
  const ca = process.cpuUsage(c),
    ta = performance.now() - t;
  c = process.cpuUsage();
  t = performance.now();
  const c1 = cpu(f.pid) - c0;
  const c2 = cpu(p.pid);
  const b = await closedLoop(p.url, 64, ps);
  const cb = process.cpuUsage(c),
    tb = performance.now() - t;
  const c3 = cpu(p.pid) - c2;
  console.log(
    'cpu us',
    (c1 / n).toFixed(0),
    (c3 / n).toFixed(0),
    (c1 / c3).toFixed(3),
    'floor',
    a.perSecond | 0,
    a.p99,
    'loader busy',
    ((ca.user + ca.system) / 1000 / ta).toFixed(2),
    'product',
    b.perSecond | 0,
    b.p99,
    ((cb.user + cb.system) / 1000 / tb).toFixed(2),
    (b.perSecond / a.perSecond).toFixed(3),
  );
}
await p.stop();
await f.stop();
