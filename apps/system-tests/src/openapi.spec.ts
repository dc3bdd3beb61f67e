import { readFileSync } from 'node:fs';
import { describeApi } from '@sparekey/server';
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

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Operation>).map(
        ([method, operation]) => [`${method} ${path}`, operation] as const,
      ),
    );
  interface Operation {
    readonly parameters: readonly { readonly in: string; readonly schema: object }[];
    readonly responses: Record<string, { content?: Record<string, { schema?: object }> }>;
  }

  test('says of every call what it answers, as a schema where it is JSON', () => {
    const silent = operations().filter(([, { responses }]) => {
      const good = Object.entries(responses).filter(([status]) => /^[23]/.test(status));
      const isBare = ([, { content = {} }]: (typeof good)[number]) =>
        'application/json' in content && !content['application/json']?.schema;
      return good.length === 0 || good.some(isBare);
    });
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test('says of every part of a path which form it has', () => {
    const formless = operations().filter(([, { parameters }]) =>
      parameters.some(
        ({ in: place, schema }) => place === 'path' && !('pattern' in schema) && !('maxLength' in schema),
      ),
    );
    expect(formless.map(([name]) => name)).toEqual([]);
  });

  test('lets clients send no field that is not named', () => {
    type Body = { additionalProperties?: boolean; anyOf?: Body[]; oneOf?: Body[] };
    const schemas = document.components!.schemas as Record<string, Body>;
    const bodies = Object.entries(schemas)
      .filter(([name]) => name.endsWith('Body'))
      .flatMap(([name, body]) => (body.oneOf ?? body.anyOf ?? [body]).map((one) => [name, one] as const));
    expect(bodies.length).toBeGreaterThan(15);
    const open = bodies.filter(([, schema]) => schema.additionalProperties !== false);
    expect(open.map(([name]) => name)).toEqual(['EventKeyBody']); // unknown members of a key are ignored (RFC 7517)
  });

  test('describes every field of every body', () => {
    type Body = { properties?: object; anyOf?: object; oneOf?: Body[] };
    const schemas = document.components!.schemas as Record<string, Body>;
    const empty = Object.entries(schemas)
      .flatMap(([name, body]) => (body.oneOf ?? [body]).map((one) => [name, one] as const))
      .filter(([, { properties, anyOf }]) => !anyOf && Object.keys(properties ?? {}).length === 0);
    expect(empty).toEqual([]);
  });
});
