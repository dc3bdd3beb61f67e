import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '@sparekey/event-sourcing';
import { ProjectionLoop } from './projection-loop.ts';
import type { Projector } from './projector.ts';

/* How soon read models follow, and how often under load. */

test('follows a lone event at once, and gathers what keeps coming', async () => {
  let tell = () => undefined as void;
  const store = {
    onAppended: (listener: () => void) => {
      tell = listener;
      return () => undefined;
    },
  };
  const batches: number[] = [];
  const projector = {
    advance: async () => {
      batches.push(performance.now());
      return true;
    },
  };
  const faults: Error[] = [];
  const loop = new ProjectionLoop(
    projector as unknown as Projector,
    store as unknown as EventStore,
    (error) => void faults.push(error),
  );
  loop.start();
  await sleep(400);
  const before = batches.length;
  const appended = performance.now();
  tell();
  while (batches.length === before) await sleep(5);
  expect(batches.at(-1)! - appended).toBeLessThan(150);

  const began = batches.length;
  for (const since = performance.now(); performance.now() - since < 1_000;) {
    tell();
    await sleep(5);
  }
  expect(batches.length - began).toBeGreaterThanOrEqual(3);
  expect(batches.length - began).toBeLessThanOrEqual(6); // one each 200 ms, where it would be one each 50
  await loop.stop();
  expect(faults).toEqual([]);
});
