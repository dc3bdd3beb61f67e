import { jest } from '@jest/globals';
import perfHooks from 'node:perf_hooks';
import { Metrics } from './metrics.ts';

const figure = (text: string, name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN);

test('how busy the process was is told since the last look, and nothing is sampled for it', async () => {
  const sampling = jest.spyOn(perfHooks, 'monitorEventLoopDelay');
  const { registry } = new Metrics();
  for (const [options] of sampling.mock.calls) expect(options?.resolution).toBeGreaterThan(1_000_000);
  sampling.mockRestore();

  await registry.metrics();
  const until = performance.now() + 100;
  while (performance.now() < until); // busy
  await new Promise((resolve) => setImmediate(resolve));
  const busy = await registry.metrics();
  expect(figure(busy, 'nodejs_eventloop_utilization_ratio')).toBeGreaterThan(0.5);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const idle = await registry.metrics();
  expect(figure(idle, 'nodejs_eventloop_utilization_ratio')).toBeLessThan(0.5);
  expect(idle).not.toContain('nodejs_eventloop_lag_p99_seconds');
  expect(figure(idle, 'process_resident_memory_bytes')).toBeGreaterThan(0);
});
