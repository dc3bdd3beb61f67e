import { Tenant, World, type Api } from '@sparekey/testing';
import fc from 'fast-check';

let world: World;
let api: Api;
let acme: Tenant;

beforeAll(async () => {
  world = new World();
  ({ api } = await world.start());
  acme = await Tenant.create(api, world.operatorToken);
});
afterAll(() => world.close());

test('whatever is asked for, no path fails', async () => {
  const part = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('v1', 'domains', 'acme', 'users', 'ada', 'challenges', '..', '%00', '%'),
  );
  const paths = fc
    .array(part, { maxLength: 7 })
    .map((parts) => `/${parts.map((one) => encodeURIComponent(one.toWellFormed())).join('/')}`);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      paths,
      async (method, path) => {
        expect((await api(method, path, { token: acme.token })).status).toBeLessThan(500);
      },
    ),
    { numRuns: 300 },
  );
});
