import './made-up/register.ts';
import { holdTo, Tenant, World, type InProcess } from '@sparekey/testing';
import { SOURCES, type Held } from '@sparekey/verification/testing';
import { RACERS_AT_ONCE } from './scale.ts';

/*
 * A holder of codes that no release has, which works so many times: one line among the sources, and what is used up is guarded as
 * everything is. Two processes answer at once.
 */
const USES = 5;
const RACERS = RACERS_AT_ONCE;
const HOLDER = '0d000000-0000-4000-8000-000000000001';

const world = new World();
let one: InProcess;
let other: InProcess;
let acme: Tenant;

beforeAll(async () => {
  const { ports } = (one = await world.start());
  other = await world.start();
  holdTo((await one.api('GET', '/openapi.json')).body);
  acme = await Tenant.create(one.api, world.operatorToken);
  await acme.enrol('ada', () => world.clock.now());
  const place = { eventId: HOLDER, field: 'digests' };
  const value = await ports.vault.seal({ domain: 'acme', user: 'ada' }, 'codes', 'open sesame', place);
  const held: Omit<Held, 'consumed' | 'lastUsedAt'> = {
    method: 'made-up-pass' as Held['method'],
    holder: HOLDER,
    isFactor: false,
    name: undefined,
    secret: { value, eventId: HOLDER },
    sealedAs: { sealClass: 'codes', field: 'digests' },
    parameters: {},
    uses: USES,
    addedAt: 0,
  };
  SOURCES.push((_, { consumed }) => [{ ...held, consumed: consumed[HOLDER] ?? {}, lastUsedAt: 0 }]);
});
afterAll(async () => {
  SOURCES.pop();
  await world.close();
});

test(`of ${RACERS} who use a code for ${USES} times at once, ${USES} pass`, async () => {
  const ids = await Promise.all(Array.from({ length: 50 }, () => acme.challenge('ada')));
  const places = [acme, acme.through(other.api)];
  const answers = await Promise.all(
    Array.from({ length: RACERS }, (_, n) =>
      places[n % 2]!.answer(ids[n % ids.length]!, { method: 'made-up-pass', code: 'open sesame' }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(USES);
  expect((await acme.open('ada')).body.methods).toHaveLength(2); // it is used up, and not offered any more
});
