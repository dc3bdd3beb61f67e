import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { auditProjection } from '@sparekey/audit/projection';
import { codec } from '@sparekey/contracts';
import { Projector } from '@sparekey/platform/projections';
import { openLogToFollow, openViewsToWrite } from '@sparekey/sqlite';
import { Kysely } from 'kysely';
import type { ProjectionOrder, ProjectionWork } from './projections.ts';

/** Should a signal be missed, it looks by itself (milliseconds). */
const LOOK_AGAIN = 1_000;
/** Appends are gathered for so long. */
const GATHER = 20;

setPriority(10); // of this thread: requests come first
const { path, appended } = workerData as ProjectionWork;
const store = openLogToFollow(path);
const database = new Kysely<never>({ dialect: openViewsToWrite(path) });
const projector = new Projector({
  database,
  store,
  codec,
  projections: [auditProjection],
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
parentPort!.close();
