import { DEFAULT_POLICY, EVENT_CATALOGUE, policyFaults, completePolicy } from './index.ts';
import * as streams from './streams.ts';

describe('the catalogue of events', () => {
  const all = Object.values(EVENT_CATALOGUE).flat();

  test('names every event once, in the past tense of the field', () => {
    expect(new Set(all.map(({ type }) => type)).size).toBe(all.length);
  });

  // What may stand in clear: ids, closed words and what an organisation is called. Everything else is sealed.
  const CLEAR = new Set([
    'displayName',
    'service',
    'returnUrls',
    'returnUrl',
    'codeChallenge',
    'kind',
    'method',
    'purpose',
    'signInId',
    'amr',
    'role',
    'reason',
    'algorithm',
    'mode',
  ]);

  // What the operator sets up: the addresses of an organisation's provider, and what its claims are called.
  const SET_UP = new Set(['IdentityProviderSet', 'IdentityProviderRemoved']);

  test.each(all.map((event) => [event.type, event] as const))(
    '%s holds text only as ids, known words or sealed',
    (_, event) => {
      const texts: string[] = [];
      const walk = (name: string, schema: Record<string, unknown>) => {
        if (schema.type === 'string' && !schema.pattern && !CLEAR.has(name)) texts.push(name);
        for (const [inner, child] of Object.entries(
          (schema.properties ?? {}) as Record<string, Record<string, unknown>>,
        ))
          walk(inner, child);
        if (schema.items) walk(name, schema.items as Record<string, unknown>);
      };
      if (!event.summary && !SET_UP.has(event.type))
        walk(event.type, event.schema as unknown as Record<string, unknown>);
      expect(texts).toEqual([]);
    },
  );

  test('accepts data of its schema, and no field beside it', () => {
    const rejected = all.find(({ type }) => type === 'FactorConfirmationRejected')!;
    const factorId = '0f000000-0000-4000-8000-000000000001';
    expect(rejected.accepts({ factorId, attemptsLeft: 4 })).toBe(true);
    expect(rejected.accepts({ factorId, attemptsLeft: -1 })).toBe(false);
    expect(rejected.accepts({ factorId, attemptsLeft: 4, code: '123456' })).toBe(false);
    expect(rejected.accepts({ factorId })).toBe(false);
    const registered = all.find(({ type }) => type === 'UserRegistered')!;
    expect(registered.accepts({ contacts: '1.AAAA' })).toBe(true);
    expect(registered.accepts({ contacts: 'ada@acme.example' })).toBe(false);
  });
});

describe('a policy', () => {
  test('stands at its defaults', () => {
    expect(policyFaults(DEFAULT_POLICY)).toEqual([]);
    expect(DEFAULT_POLICY).toMatchObject({
      factors: { totp: { enabled: true, digits: 6, period: 30, algorithm: 'SHA1', tolerance: 1 } },
      enrollment: { mode: 'optional' },
      recoveryCodes: { count: 16 },
      challenge: { seconds: 300, attempts: 5 },
      waits: { after: 10, seconds: 60, factor: 2, maxSeconds: 86_400 },
    });
  });

  const totp = (change: object) => ({
    ...DEFAULT_POLICY,
    factors: { totp: { ...DEFAULT_POLICY.factors.totp, ...change } },
  });

  test.each([
    ['factors.totp.tolerance', totp({ tolerance: 2 })],
    ['factors.totp.digits', totp({ digits: 5 })],
    ['factors.totp.period', totp({ period: 15 })],
    ['challenge.attempts', { ...DEFAULT_POLICY, challenge: { seconds: 300, attempts: 11 } }],
    ['waits.after', { ...DEFAULT_POLICY, waits: { ...DEFAULT_POLICY.waits, after: 21 } }],
  ])('crosses no bound: %s', (field, policy) => {
    expect(policyFaults(policy)).toEqual([expect.objectContaining({ field, outOfBounds: true })]);
  });

  test.each([
    ['an unknown field', 'extra', { ...DEFAULT_POLICY, extra: 1 }],
    ['an unknown field inside', 'factors.totp.extra', totp({ extra: 1 })],
    ['a wrong type', 'maxFactors', { ...DEFAULT_POLICY, maxFactors: '3' }],
    ['a group that is none', 'waits', { ...DEFAULT_POLICY, waits: [] }],
  ])('names %s', (_, field, policy) => {
    const faults = policyFaults(JSON.parse(JSON.stringify(policy)));
    expect(faults).toContainEqual(expect.objectContaining({ field, outOfBounds: false }));
  });

  test('stored before a field existed has that field at its default', () => {
    expect(completePolicy({ maxFactors: 3 })).toEqual({ ...DEFAULT_POLICY, maxFactors: 3 });
    const chosen = { enrollment: { mode: 'required' }, extra: 1 };
    expect(completePolicy(chosen)).toEqual({
      ...DEFAULT_POLICY,
      enrollment: { mode: 'required', graceDays: 0 },
      extra: 1, // nothing is taken away that has to be refused
    });
  });
});

test('stream names keep users and domains apart', () => {
  expect(streams.factorsStream('acme', 'ada')).toBe('factors-acme.ada');
  for (const name of ['a.b', 'a', 'аcme', 'A', '-a', 'a'.repeat(41), '']) {
    expect([name, streams.DOMAIN_ID.test(name)]).toEqual([name, name === 'a']);
  }
  for (const name of ['a.b', 'a b', 'аda', '', 'a'.repeat(65), 'a\n', 'Ada_-9']) {
    expect([name, streams.USER_ID.test(name)]).toEqual([name, name === 'Ada_-9']);
  }
});
