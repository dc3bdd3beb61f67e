import { floor, product } from './answers.ts';
import { closedLoop } from './load.ts';
const n = Number(process.argv[2] ?? 8000);
const p = await product(n * 3 + 2000);
const f = await floor();
for (const s of [f, p]) await closedLoop(s.url, 64, await s.take(1000));
for (let round = 0; round < 3; round++) {
  const a = await closedLoop(f.url, 64, await f.take(n));
  const b = await closedLoop(p.url, 64, await p.take(n));
  console.log('floor', a, 'product', b, (b.perSecond / a.perSecond).toFixed(3));
}
await p.stop(); await f.stop();
