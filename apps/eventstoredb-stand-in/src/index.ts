import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export { EventStoreDbCluster } from './eventstoredb-cluster.ts';
export { EventStoreDbStandIn } from './eventstoredb-stand-in.ts';

/** The program that runs it as a process of its own; as it was built, also where this is read as it was written. */
export const STAND_IN_MAIN = fileURLToPath(
  new URL(extname(import.meta.url) === '.ts' ? '../dist/main.js' : './main.js', import.meta.url),
);
