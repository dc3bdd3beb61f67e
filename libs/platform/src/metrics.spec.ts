import { jest } from '@jest/globals';
import perfHooks from 'node:perf_hooks';
import { Metrics } from './metrics.ts';

const figure = (text: string, name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);

test('how long the event loop was busy is counted, and nothing is sampled for it', async () => {
  const sampling = jest.spyOn(perfHooks, 'monitorEventLoopDelay');
  const { registry } = new Metrics();
  expect(sampling.mock.calls.map(([options]) => options!.resolution! > 1_000_000)).toEqual([true]);
  sampling.mockRestore();

  const busySeconds = async () => figure(await registry.metrics(), 'nodejs_eventloop_active_seconds_total');
  const before = await busySeconds();
  const until = performance.now() + 100;
  while (performance.now() < until); // busy
  await new Promise((resolve) => setImmediate(resolve));
  const after = await busySeconds();
  expect(after - before).toBeGreaterThan(0.09);
  const told = await registry.metrics();
  expect(told).not.toContain('nodejs_eventloop_lag_p99_seconds');
  expect(figure(told, 'process_resident_memory_bytes')).toBeGreaterThan(0);
});
