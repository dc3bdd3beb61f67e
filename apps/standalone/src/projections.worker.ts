import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { auditProjection } from '@sparekey/audit/projection';
import { codec } from '@sparekey/contracts';
import { digestContacts, directoryProjection } from '@sparekey/enrollment/projection';
import { Projector } from '@sparekey/read-models';
import { openKeyRingBeside, openLogToFollow, openViewsToWrite } from '@sparekey/sqlite';
import { loadBlindIndex, Vault } from '@sparekey/vault';
import { Kysely } from 'kysely';
import type { ProjectionOrder, ProjectionWork } from './projections.ts';

/** Should a signal be missed, it looks by itself (milliseconds). */
const LOOK_AGAIN = 1_000;
/** Appends are gathered for so long. */
const GATHER = 100;

setPriority(10); // of this thread: requests come first
const { path, appended, contactKeys } = workerData as ProjectionWork;
const store = openLogToFollow(path);
const ring = openKeyRingBeside(path);
const vault = new Vault(ring, new Map([['contact', contactKeys]])); // it opens nothing else
const digest = digestContacts(vault, await loadBlindIndex(vault, ring));
const database = new Kysely<never>({ dialect: openViewsToWrite(path) });
const projector = new Projector({
  database,
  store,
  codec,
  projections: [auditProjection, directoryProjection(digest)],
  now: () => Date.now(),
});

const orders: ProjectionOrder[] = [];
parentPort!.on('message', (order: ProjectionOrder) => {
  orders.push(order);
  Atomics.notify(appended, 0);
});

for (let stopping = false; !stopping;) {
  const seen = Atomics.load(appended, 0);
  for (const order of orders.splice(0)) {
    if (order.type === 'rebuild') await projector.rebuild(order.name);
    else stopping = true;
  }
  if (stopping || !(await projector.advance())) continue;
  await Atomics.waitAsync(appended, 0, seen, LOOK_AGAIN).value;
  await new Promise((resolve) => setTimeout(resolve, GATHER));
}
await database.destroy();
await store.close();
await ring.close();
parentPort!.close();
