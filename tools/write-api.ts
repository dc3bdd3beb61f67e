/** Writes docs/api from the code: the calls of all rooms, and what is said on topics. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeTopics } from '@sparekey/contracts';
import { describeApi } from '@sparekey/server';
import { World } from '@sparekey/testing';

const world = new World();
const { app } = await world.start();
const directory = new URL('../docs/api/', import.meta.url);
mkdirSync(directory, { recursive: true });
const write = (name: string, document: object) =>
  writeFileSync(new URL(name, directory), `${JSON.stringify(document, null, 2)}\n`);
const described = describeApi(app, 'http://localhost:4000');
write('openapi.json', described);
write('../../apps/console/src/api/policy-schema.json', described.components!.schemas!.Policy!); // pages make its form of it
write('asyncapi.json', describeTopics());
await world.close();
