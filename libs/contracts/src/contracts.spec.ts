import { completePolicy, DEFAULT_POLICY, EVENT_CATALOGUE, isWeaker, policyFaults } from './index.ts';
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
    'channel',
    'stream', // names of streams hold ids and digests
  ]);

  // What the operator sets up: the addresses of an organisation's provider, and what its claims are called.
  const SET_UP = new Set(['IdentityProviderSet', 'IdentityProviderRemoved']);

  test.each(all.map((event) => [event.type, event] as const))(
    '%s holds text only as ids, known words or sealed',
    (_, event) => {
      const texts: string[] = [];
      const walk = (name: string, schema: Record<string, unknown>) => {
        const isFree = schema.type === 'string' && !schema.pattern && schema.const === undefined;
        if (isFree && !CLEAR.has(name)) texts.push(name);
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
    factors: { ...DEFAULT_POLICY.factors, totp: { ...DEFAULT_POLICY.factors.totp, ...change } },
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

describe('a weaker policy', () => {
  const change = (part: object) => completePolicy({ ...DEFAULT_POLICY, ...part });

  test.each([
    ['more attempts', { challenge: { seconds: 300, attempts: 6 } }],
    ['later waits', { waits: { ...DEFAULT_POLICY.waits, after: 11 } }],
    ['shorter waits', { waits: { ...DEFAULT_POLICY.waits, seconds: 30 } }],
    ['longer sessions', { sessions: { idleMinutes: 61, maxHours: 24 } }],
    ['shorter passwords', { passwords: { minLength: 8 } }],
    ['a wider window', { factors: { totp: { ...DEFAULT_POLICY.factors.totp, period: 60 } } }],
  ])('has %s', (_, part) => {
    expect(isWeaker(DEFAULT_POLICY, change(part))).toBe(true);
    expect(isWeaker(change(part), DEFAULT_POLICY)).toBe(false);
  });

  test('requires two-step verification later, or not at all', () => {
    const required = (enrollment: object) => change({ enrollment: { mode: 'required', ...enrollment } });
    const [now, soon, late] = [
      required({}),
      required({ requiredFrom: '2030-01-01T00:00:00Z' }),
      required({ requiredFrom: '2031-01-01T00:00:00Z' }),
    ];
    expect([isWeaker(now, soon), isWeaker(soon, late), isWeaker(late, DEFAULT_POLICY)]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isWeaker(soon, now), isWeaker(late, soon), isWeaker(DEFAULT_POLICY, late)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('is not the same one', () => {
    expect(isWeaker(DEFAULT_POLICY, DEFAULT_POLICY)).toBe(false);
  });

  // whoever adds a number to the policy says here which way it is weaker, or why it is neither
  test('is judged by every number that there is', () => {
    const neither = new Set(['maxFactors', 'recoveryCodes.count', 'recoveryCodes.lowThreshold']);
    const numbers = (inside: object, path: string): string[] =>
      Object.entries(inside).flatMap(([name, value]: [string, unknown]) => {
        const here = path ? `${path}.${name}` : name;
        return typeof value === 'object'
          ? numbers(value as object, here)
          : typeof value === 'number'
            ? [here]
            : [];
      });
    const set = (path: string, value: number) => {
      const policy = structuredClone(DEFAULT_POLICY) as Record<string, unknown>;
      const names = path.split('.');
      const last = names.pop()!;
      const inside = names.reduce((part, name) => part[name] as Record<string, unknown>, policy);
      inside[last] = (inside[last] as number) + value;
      return policy as never;
    };
    for (const path of numbers(DEFAULT_POLICY, '')) {
      const judged = isWeaker(DEFAULT_POLICY, set(path, 1)) || isWeaker(DEFAULT_POLICY, set(path, -1));
      expect([path, judged]).toEqual([path, !neither.has(path)]);
    }
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
