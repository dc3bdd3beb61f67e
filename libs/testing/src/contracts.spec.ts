import { readdirSync } from 'node:fs';
import { eventStoreContract } from '@sparekey/event-sourcing/testing';
import { keyRingContract } from '@sparekey/vault/testing';
import { ADAPTERS } from './adapters.ts';

for (const adapter of ADAPTERS) {
  if (adapter.eventStore) eventStoreContract(adapter.name, adapter.eventStore);
  if (adapter.keyRing) keyRingContract(adapter.name, adapter.keyRing);
}

test('every adapter in the drawers is in the table', () => {
  const drawers = readdirSync(new URL('../../adapters', import.meta.url));
  expect(ADAPTERS.map(({ name }) => name.toLowerCase()).sort()).toEqual(drawers.sort());
});
