import { DEFAULT_POLICY, type MethodType, type VerificationFact } from '@sparekey/contracts';
import type { Recorded } from '@sparekey/event-sourcing';
import { given as givenEvents, NOON } from '@sparekey/event-sourcing/testing';
import { waitAfter, waitsUntil } from './locks.ts';
import type { Proof } from './proof.ts';
import { MAX_CHALLENGES } from './challenges.ts';
import type { Answer } from './commands.ts';
import { admit, verificationDecider, verificationFold } from './verification.ts';

type Fact = VerificationFact & { time?: number };
const given = (...events: Fact[]) => givenEvents(verificationDecider, ...events);

const phone = '0f000000-0000-4000-8000-000000000001';
const batch = '0b000000-0000-4000-8000-000000000001';
const guards = { domain: 1, factors: 3, codes: 1 };
const ref = (n: number) => `0c000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const opened = (n = 1, epoch = 0): Fact => ({
  type: 'ChallengeOpened',
  data: { challengeRef: ref(n), purpose: 'sign-in', service: 'payroll', epoch, expiresAt: NOON + 300_000 },
});
const totp = (through: number): Proof => ({ method: 'totp', holder: phone, consumes: { through } });
const recovery = (item: number, holder = batch): Proof => ({
  method: 'recovery-code',
  holder,
  consumes: { item },
});
const passed = ({ method, holder, consumes }: Proof, n = 1): Fact => ({
  type: 'ChallengePassed',
  data: { challengeRef: ref(n), method, holder, consumes, guards },
});
const rejected = (attemptsLeft: number, n = 1): Fact => ({
  type: 'CodeRejected',
  data: { challengeRef: ref(n), method: 'totp', factorId: phone, service: 'payroll', attemptsLeft },
});
const failures = (count: number, n = 1) => Array.from({ length: count }, () => rejected(4, n));

const answer = (proof: Proof | undefined, more: Partial<Answer> = {}): Answer => ({
  type: 'Answer',
  challengeRef: ref(1),
  method: proof?.method ?? 'totp',
  factorId: phone,
  proof,
  guards,
  policy: DEFAULT_POLICY,
  at: NOON,
  ...more,
});
const ask = (method: MethodType = 'totp', at = NOON, epoch = 0, n = 1) => ({
  challengeRef: ref(n),
  method,
  factorId: phone,
  at,
  epoch,
});

describe('an answer', () => {
  test('with a right code passes and spends it', () => {
    given(opened())
      .when(answer(totp(100)))
      .then(passed(totp(100)));
    given(opened())
      .when(answer(recovery(7)))
      .then(passed(recovery(7)));
  });

  test('with a wrong code is counted', () => {
    given(opened()).when(answer(undefined)).then(rejected(4));
  });

  test('with a spent code is the same fact as with a wrong one', () => {
    given(opened(2), passed(totp(100), 2), opened())
      .when(answer(totp(100)))
      .then(rejected(4));
    given(opened(2), passed(totp(100), 2), opened())
      .when(answer(totp(99)))
      .then(rejected(4));
    const wrong = { ...rejected(4).data, method: 'recovery-code' } as const;
    given(opened(2), passed(recovery(7), 2), opened())
      .when(answer(recovery(7)))
      .then({ type: 'CodeRejected', data: wrong } as VerificationFact);
  });

  test('with a later step or another code of the set passes', () => {
    given(opened(2), passed(totp(100), 2), opened())
      .when(answer(totp(101)))
      .then(passed(totp(101)));
    given(opened(2), passed(recovery(7), 2), opened())
      .when(answer(recovery(8)))
      .then(passed(recovery(8)));
  });

  test('the same number of a new set is another code', () => {
    const other = '0b000000-0000-4000-8000-000000000002';
    given(opened(2), passed(recovery(7), 2), opened())
      .when(answer(recovery(7, other)))
      .then(passed(recovery(7, other)));
  });

  test('the last attempt ends the challenge', () => {
    given(opened(), ...failures(4))
      .when(answer(undefined))
      .then(rejected(0), {
        type: 'ChallengeEnded',
        data: { challengeRef: ref(1), reason: 'attempts' },
      });
  });
});

describe('a challenge admits an answer', () => {
  const admits =
    (events: Fact[], ...asked: Parameters<typeof ask>) =>
    () =>
      admit(given(...events).state, ask(...asked));
  const end = (reason: 'cancelled' | 'attempts'): Fact => ({
    type: 'ChallengeEnded',
    data: { challengeRef: ref(1), reason },
  });

  test('while it is open', () => {
    expect(admits([opened()])()).toMatchObject({ state: 'open', service: 'payroll' });
  });

  test.each([
    ['passed', [opened(), passed(totp(1))]],
    ['cancelled', [opened(), end('cancelled')]],
    ['out of attempts', [opened(), end('attempts')]],
    ['voided', [opened(), passed(totp(1)), { type: 'PassVoided', data: { challengeRef: ref(1) } }]],
  ] as [string, Fact[]][])('but not when it is %s', (_, events) => {
    expect(admits(events)).toThrow('challenge-closed');
  });

  test('but not under a later epoch', () => {
    expect(admits([opened()], 'totp', NOON, 1)).toThrow('challenge-closed');
  });

  test('unless nobody opened it', () => {
    expect(admits([])).toThrow('not-found');
  });

  test('saying that it is locked before that it is closed', () => {
    const wait: Fact = { type: 'WaitStarted', data: { failures: 10, until: NOON + 60_000 } };
    expect(admits([opened(), wait])).toThrow('locked');
    expect(admits([opened(), wait], 'totp', NOON + 60_000)).toThrow('challenge-closed');
  });
});

describe('waits', () => {
  const wait = (until: number): Fact => ({ type: 'WaitStarted', data: { failures: 10, until } });

  test('begin with the tenth failure in a row, over all challenges', () => {
    given(opened(2), ...failures(4, 2), opened(3), ...failures(5, 3), opened())
      .when(answer(undefined))
      .then(rejected(4), wait(NOON + 60_000));
  });

  test('double with each further failure, up to a day', () => {
    const { waits } = DEFAULT_POLICY;
    expect([9, 10, 11, 12, 20, 60].map((count) => waitAfter(count, waits) / 1_000)).toEqual([
      0, 60, 120, 240, 61_440, 86_400,
    ]);
  });

  test('close every open challenge to what waits, also when the wait is over', () => {
    const { state } = given(opened(1), opened(2), wait(NOON + 60_000));
    for (const n of [1, 2]) {
      expect(() => admit(state, ask('totp', NOON, 0, n))).toThrow(
        expect.objectContaining({ code: 'locked' }),
      );
      expect(() => admit(state, ask('totp', NOON + 60_000, 0, n))).toThrow(
        expect.objectContaining({ code: 'challenge-closed' }),
      );
    }
  });

  test('hold recovery codes for a minute at most', () => {
    const { locks } = given(wait(NOON + 3_600_000)).state;
    expect(waitsUntil(locks, 'totp', NOON)).toBe(NOON + 3_600_000);
    expect(waitsUntil(locks, 'recovery-code', NOON)).toBe(NOON + 60_000);
    expect(waitsUntil(locks, 'recovery-code', NOON + 60_000)).toBeUndefined();
  });

  test('and failures are forgotten with a pass', () => {
    const { locks } = given(
      opened(),
      ...failures(12),
      wait(NOON + 240_000),
      opened(2),
      passed(recovery(1), 2),
    ).state;
    expect(locks).toEqual({ failures: 0, byFactor: {}, suspended: [] });
  });

  test('are cleared by the help desk', () => {
    const { locks } = given(opened(), ...failures(12), wait(NOON + 240_000), {
      type: 'WaitsCleared',
      data: {},
    }).state;
    expect(waitsUntil(locks, 'totp', NOON)).toBeUndefined();
    given(opened(), rejected(4)).when({ type: 'ClearWaits' }).then({ type: 'WaitsCleared', data: {} });
    given().when({ type: 'ClearWaits' }).then();
  });
});

describe('the hard cap', () => {
  const hundred = [opened(), ...failures(99)];

  test('suspends the guessed factor with the hundredth failure in a row, not the account', () => {
    const decided = verificationDecider.decide(answer(undefined), given(...hundred).state);
    expect(decided.at(-1)).toEqual({ type: 'FactorSuspended', data: { factorId: phone, failures: 100 } });
    const { state } = given(...hundred, ...(decided as Fact[]), opened(2));
    expect(() => admit(state, ask('totp', NOON + 86_400_000, 0, 2))).toThrow('locked');
    expect(
      admit(state, { ...ask('recovery-code', NOON + 86_400_000, 0, 2), factorId: undefined }),
    ).toMatchObject({ state: 'open' });
  });

  test('outlasts a pass with another method', () => {
    const suspended: Fact = { type: 'FactorSuspended', data: { factorId: phone, failures: 100 } };
    expect(given(suspended, opened(), passed(recovery(1))).state.locks.suspended).toEqual([phone]);
  });
});

describe('challenges', () => {
  test('are forgotten when nobody can hold their handle any more', () => {
    const later = { ...opened(2), time: NOON + 360_000 }; // and the minute for fetching a result is over
    expect(Object.keys(given(opened(1), later).state.challenges)).toEqual([ref(2)]);
  });

  describe('of one user are kept in bounded number', () => {
    const open = {
      type: 'OpenChallenge',
      challengeRef: ref(9_999),
      purpose: 'sign-in',
      service: 'payroll',
      epoch: 0,
      expiresAt: NOON + 300_000,
      at: NOON,
    } as const;
    const from = (share: string, n: number, more: object = {}): Fact => {
      const fact = opened(n) as Extract<Fact, { type: 'ChallengeOpened' }>;
      return { ...fact, data: { ...fact.data, share, ...more } };
    };
    const many = (length: number, make: (n: number) => Fact) => Array.from({ length }, (_, n) => make(n));
    const displacedBy = (...facts: Fact[]) =>
      verificationDecider
        .decide(open, given(...facts).state)
        .flatMap(({ data, type }) =>
          type === 'ChallengeEnded' ? [(data as { challengeRef: string }).challengeRef] : [],
        );

    test('nothing gives way while there is room', () => {
      expect(displacedBy(...many(MAX_CHALLENGES - 1, (n) => from('flood', n)))).toEqual([]);
    });

    test('the oldest of whoever opened most gives way, not the oldest of all', () => {
      const others = [from('owner', 1_001), from('elsewhere', 1_002)];
      const flood = many(MAX_CHALLENGES - 2, (n) => from('flood', n));
      expect(displacedBy(...others, ...flood)).toEqual([ref(0)]);
    });

    test('one service takes nothing from another', () => {
      const other = many(40, (n) => from('owner', 1_000 + n, { service: 'portal' }));
      const spread = many(60, (n) => from(`address ${n}`, n));
      expect(displacedBy(...other, ...spread)).toEqual([ref(0)]);
    });

    test('a known browser stays, though it opened most and first', () => {
      const owner = many(10, (n) => from('browser', 1_000 + n, { known: true }));
      const spread = many(MAX_CHALLENGES - 10, (n) => from(`address ${n}`, n));
      expect(displacedBy(...owner, ...spread)).toEqual([ref(0)]);
    });

    test('what has ended goes first', () => {
      const ended: Fact = { type: 'ChallengeEnded', data: { challengeRef: ref(7), reason: 'cancelled' } };
      expect(displacedBy(...many(MAX_CHALLENGES, (n) => from('flood', n)), ended)).toEqual([ref(7)]);
    });

    test('what gave way is not known any more', () => {
      const gone: Fact = { type: 'ChallengeEnded', data: { challengeRef: ref(1), reason: 'displaced' } };
      expect(() => admit(given(opened(1), gone).state, ask())).toThrow('not-found');
    });
  });

  test('are cancelled once, and only while open', () => {
    const cancel = { type: 'CancelChallenge', challengeRef: ref(1) } as const;
    const cancelled: Fact = { type: 'ChallengeEnded', data: { challengeRef: ref(1), reason: 'cancelled' } };
    given(opened()).when(cancel).then(cancelled);
    given(opened(), cancelled).when(cancel).then();
    given(opened(), passed(totp(1)))
      .when(cancel)
      .refuses('challenge-closed');
    given().when(cancel).refuses('not-found');
  });

  test('a pass is voided once', () => {
    const voided: Fact = { type: 'PassVoided', data: { challengeRef: ref(1) } };
    const command = { type: 'VoidPass', challengeRef: ref(1) } as const;
    given(opened(), passed(totp(5)))
      .when(command)
      .then(voided);
    given(opened(), passed(totp(5)), voided)
      .when(command)
      .then();
    expect(given(opened(), passed(totp(5)), voided).state.ledger.consumed[phone]).toEqual({ through: 5 });
  });
});

test('a state restored from its summary goes on as if it had never left', () => {
  const events = [opened(), rejected(4), opened(2), passed(recovery(3), 2), passed(totp(9))];
  const { state } = given(...events);
  const { summary } = verificationFold;
  const stored = JSON.parse(JSON.stringify(summary!.take(state).data)) as object;
  expect(summary!.understands(stored)).toBe(true);
  expect(summary!.restore(stored)).toEqual(state);
  const next = { ...rejected(3), time: NOON } as Recorded<VerificationFact>;
  expect(verificationDecider.evolve(summary!.restore(stored), next)).toEqual(
    verificationDecider.evolve(state, next),
  );
});
