import { LogDamaged } from '@sparekey/event-sourcing';
import { LagReporter, lostIn } from './lag-reporter.ts';
import { Metrics, type Ports } from '@sparekey/platform';

const GENERATION = { name: 'entries', position: '9/9', state: 'live', checksum: '0'.repeat(64) };

const followers = (
  countAfter: (position: string | undefined) => Promise<number>,
  kept?: readonly string[],
) => {
  const ports = {
    store: { countAfter },
    listenerState: { countParked: async () => 0 },
    views: { generations: async () => [GENERATION] },
  } as unknown as Ports;
  return new LagReporter(ports, { rooms: ['audit'], lag: () => countAfter('5/5') }, new Metrics(), kept);
};

test('tells how far everybody is behind', async () => {
  const status = await followers(async () => 3).status();
  expect(status).toMatchObject({ rooms: { audit: { behind: 3 } }, projections: { entries: { behind: 3 } } });
  expect(lostIn(status)).toEqual({});
});

test('who stands outside of the log is a fault by name, and who cannot look is not', async () => {
  const lost = await followers(() => Promise.reject(new LogDamaged('5/5 is no place'))).status();
  expect(lostIn(lost)).toEqual({ audit: '5/5 is no place', entries: '5/5 is no place' });
  const away = await followers(() => Promise.reject(new Error('away'))).status();
  expect(away.rooms).toEqual({ audit: { fault: 'away' } });
  expect(lostIn(away)).toEqual({});
});

test('of the read models that other processes keep it tells nothing, and does not ask the log for them', async () => {
  const asked: unknown[] = [];
  const count = async (position: string | undefined) => asked.push(position);
  expect((await followers(count, ['others']).status()).projections).toEqual({});
  expect(asked).toEqual(['5/5']);
  expect((await followers(count, ['entries']).status()).projections).toHaveProperty('entries');
});
