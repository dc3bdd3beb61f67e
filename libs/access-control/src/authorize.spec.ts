import type { Role } from '@sparekey/contracts';
import type { Caller, Person, Requirement } from './caller.ts';
import { FRESH_MS, authorize, type Call } from './authorize.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const actor = { kind: 'user', id: 'ada' } as const;

const person = (more: Partial<Person> = {}): Caller => ({
  role: 'person',
  domain: 'acme',
  actor,
  person: {
    user: 'ada',
    roles: [],
    twoStep: true,
    scope: 'full',
    secondStep: true,
    firstAt: NOW,
    secondAt: NOW,
    session: { sid: 's' } as unknown as NonNullable<Person['session']>,
    ...more,
  },
});
const machine = (role: Caller['role'], more: Partial<Caller> = {}): Caller => ({
  role,
  domain: 'acme',
  actor: { kind: 'service', id: 'payroll' },
  ...more,
});
const operator: Caller = { role: 'operator', actor: { kind: 'operator', id: 'operator' } };
const administrator = person({ roles: ['administrator'] });

const SELF: Requirement = { anyOf: ['self'] };
const FRESH: Requirement = { anyOf: ['self'], fresh: true };
const HELP: Requirement = { anyOf: ['help-desk'] };
const ADMINISTER: Requirement = { anyOf: ['administrator'] };
const own: Call = { domain: 'acme', user: 'ada', reads: false };
const others: Call = { domain: 'acme', user: 'bob', reads: false };
const looks: Call = { domain: 'acme', user: 'bob', reads: true };

type Row = [what: string, caller: Caller, requirement: Requirement, call: Call, outcome: string];

const ROWS: Row[] = [
  ['the operator, in any domain', operator, ADMINISTER, { ...others, domain: 'other' }, 'may'],
  ['the operator, as a person', operator, SELF, own, 'forbidden'],
  ['a person, on themselves', person(), SELF, own, 'may'],
  ['a person, on another', person(), SELF, others, 'forbidden'],
  ['a person, in another domain', person(), SELF, { ...own, domain: 'other' }, 'forbidden'],
  ['a person without a role', person(), HELP, looks, 'forbidden'],
  ['a service that acts on behalf', machine('service', { onBehalf: true }), SELF, own, 'may'],
  ['a service that does not', machine('service'), SELF, own, 'forbidden'],
  ['a service, as the help desk', machine('service', { onBehalf: true }), HELP, looks, 'forbidden'],
  ['a token of the help desk', machine('help-desk'), HELP, others, 'may'],
  ['a token of an administrator, as help desk', machine('administrator'), HELP, others, 'may'],
  ['a token of the help desk, as administrator', machine('help-desk'), ADMINISTER, looks, 'forbidden'],
  [
    'a token, where only a person may',
    machine('administrator'),
    { ...ADMINISTER, byPerson: true },
    looks,
    'forbidden',
  ],
  ['an administrator with a second step', administrator, ADMINISTER, others, 'may'],
  [
    'an administrator without one',
    person({ roles: ['administrator'], secondStep: false }),
    ADMINISTER,
    others,
    'step-up-required',
  ],
  [
    'a provider’s token with two-step on',
    person({ session: undefined, secondStep: false }),
    SELF,
    own,
    'step-up-required',
  ],
  ['a session for enrolling, elsewhere', person({ scope: 'enroll' }), SELF, own, 'forbidden'],
  [
    'a session for enrolling, where it may',
    person({ scope: 'enroll' }),
    { ...SELF, scopes: ['enroll'] },
    own,
    'may',
  ],
  [
    'an access token for this',
    person({ accessScopes: ['security:read'] }),
    { ...SELF, accessScope: 'security:read' },
    own,
    'may',
  ],
  [
    'an access token for something else',
    person({ accessScopes: [] }),
    { ...SELF, accessScope: 'security:read' },
    own,
    'forbidden',
  ],
  ['a proof of just now', person({ firstAt: NOW - FRESH_MS, secondAt: NOW - FRESH_MS }), FRESH, own, 'may'],
  ['a password that is too old', person({ firstAt: NOW - FRESH_MS - 1 }), FRESH, own, 'step-up-required'],
  ['a second step that is too old', person({ secondAt: NOW - FRESH_MS - 1 }), FRESH, own, 'step-up-required'],
  [
    'a session of a recovery code, just opened',
    person({ scope: 'factors', firstAt: 0 }),
    { ...FRESH, scopes: ['factors'] },
    own,
    'may',
  ],
];

test.each(ROWS)('%s', async (_, caller, requirement, call, outcome) => {
  const judged = authorize(caller, requirement, call, NOW, async () => []);
  if (outcome === 'may') await expect(judged).resolves.toMatchObject({ role: caller.role });
  else await expect(judged).rejects.toMatchObject({ code: outcome });
});

const HELD: [acting: Caller, on: readonly Role[], outcome: 'may' | 'forbidden'][] = [
  [administrator, ['administrator'], 'may'],
  [person({ roles: ['help-desk'] }), ['help-desk'], 'may'],
  [person({ roles: ['help-desk'] }), ['auditor'], 'forbidden'],
  [person({ roles: ['help-desk'] }), ['administrator'], 'forbidden'],
  [machine('administrator'), ['help-desk'], 'forbidden'], // a machine is nobody
  [machine('administrator'), [], 'may'],
  [operator, ['administrator'], 'may'],
];

test.each(HELD)('nobody acts on a person who holds more than they do (%#)', async (acting, on, outcome) => {
  const judged = authorize(acting, HELP, others, NOW, async () => on);
  if (outcome === 'may') await judged;
  else await expect(judged).rejects.toMatchObject({ code: 'forbidden' });
  await authorize(acting, HELP, looks, NOW, async () => on); // to look is another thing
});

test('who acts by a role does so as an administrator in the log, and a person on themselves as themselves', async () => {
  const acting = await authorize(administrator, ADMINISTER, others, NOW, async () => []);
  expect(acting.actor).toEqual({ kind: 'administrator', id: 'ada' });
  expect((await authorize(administrator, SELF, own, NOW, async () => [])).actor).toEqual(actor);
});
