import { Wake } from './wake.ts';

const NEVER = 60_000;
const running = () => new AbortController().signal;

test('word that comes while nobody waits counts once', async () => {
  const wake = new Wake();
  wake.wake();
  wake.wake();
  await wake.wait(NEVER, running());
  const began = performance.now();
  await wake.wait(20, running());
  expect(performance.now() - began).toBeGreaterThan(15);
});

test('word reaches all who wait', async () => {
  const wake = new Wake();
  const all = Promise.all([wake.wait(NEVER, running()), wake.wait(NEVER, running())]);
  wake.wake();
  await all;
});

test('the signal ends every wait', async () => {
  const stop = new AbortController();
  const waits = new Wake().wait(NEVER, stop.signal);
  stop.abort();
  await waits;
  await new Wake().wait(NEVER, stop.signal);
});
