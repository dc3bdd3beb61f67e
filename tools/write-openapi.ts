/** Writes docs/api/openapi.json from the code of all rooms. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeApi } from '@sparekey/platform';
import { World } from '@sparekey/testing';

const world = new World();
const { app } = await world.start();
const directory = new URL('../docs/api/', import.meta.url);
mkdirSync(directory, { recursive: true });
writeFileSync(
  new URL('openapi.json', directory),
  `${JSON.stringify(describeApi(app, 'http://localhost:4000'), null, 2)}\n`,
);
await world.close();
