import { readFileSync } from 'node:fs';
import { describeApi } from '@sparekey/platform';
import { World } from '@sparekey/testing';

const COMMITTED = new URL('../../../docs/api/openapi.json', import.meta.url);

describe('the OpenAPI document', () => {
  let world: World;
  let document: ReturnType<typeof describeApi>;
  let served: unknown;

  beforeAll(async () => {
    world = new World();
    const { app, api } = await world.start();
    document = describeApi(app, 'http://localhost:4000');
    served = (await api('GET', '/openapi.json')).body;
  });
  afterAll(() => world.close());

  test('that is committed is the one that the code makes: npm run docs writes it', () => {
    expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('is served', () => {
    expect(served).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('describes every field of every body', () => {
    const schemas = document.components!.schemas as Record<string, { properties?: object }>;
    const empty = Object.entries(schemas).filter(
      ([, { properties }]) => Object.keys(properties ?? {}).length === 0,
    );
    expect(empty).toEqual([]);
  });
});
