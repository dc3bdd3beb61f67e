import { readdirSync } from 'node:fs';
import {
  eventStoreContract,
  listenerStateContract,
  subscriptionContract,
} from '@sparekey/event-sourcing/testing';
import { senderContract } from '@sparekey/notification/testing';
import { keyRingContract } from '@sparekey/vault/testing';
import { ADAPTERS } from './adapters.ts';
import { readModelContract } from './read-models/read-model.contract.ts';

for (const adapter of ADAPTERS) {
  if (adapter.unless) {
    test.skip(`${adapter.name}: not run, ${adapter.unless}`, () => undefined);
    continue;
  }
  if (adapter.eventStore)
    eventStoreContract(adapter.on ? `${adapter.name} (${adapter.on})` : adapter.name, adapter.eventStore);
  if (adapter.keyRing) keyRingContract(adapter.name, adapter.keyRing);
  if (adapter.listenerState) listenerStateContract(adapter.name, adapter.listenerState);
  if (adapter.subscription) subscriptionContract(adapter.name, adapter.subscription);
  if (adapter.sender) senderContract(adapter.name, adapter.sender);
  if (adapter.readModels) readModelContract(adapter.name, adapter.readModels);
}

test('every adapter in the drawers is in the table', () => {
  const drawers = readdirSync(new URL('../../adapters', import.meta.url));
  expect(ADAPTERS.map(({ name }) => name.toLowerCase()).sort()).toEqual(drawers.sort());
});
