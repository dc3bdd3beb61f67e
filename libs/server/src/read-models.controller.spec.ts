import { LogDamaged } from '@sparekey/event-sourcing';
import type { Ports } from '@sparekey/platform';
import { ReadModelsController } from './read-models.controller.ts';

const listed = (countAfter: () => Promise<number>) => {
  const generation = { name: 'audit', position: '5/5', state: 'live', since: 0 };
  const ports = {
    views: { generations: async () => [generation] },
    store: { countAfter, atHand: () => ({ events: [], upTo: '5/5' }) },
  };
  return new ReadModelsController(ports as unknown as Ports).listProjections();
};

test('read models are listed as the log has them, although one stands outside of the log, and not while the log is away', async () => {
  expect(await listed(async () => 3)).toMatchObject({ items: [{ name: 'audit', behind: 3 }] });
  const lost = listed(() => Promise.reject(new LogDamaged('5/5 is no place')));
  expect(await lost).toMatchObject({ items: [{ name: 'audit', behind: null }] });
  await expect(listed(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
});
