import { ACR, type AccountFact } from '@sparekey/contracts';
import { given as givenEvents, NOON } from '@sparekey/event-sourcing/testing';
import { accountDecider, accountFold, MAX_SESSIONS, type StartSession } from './account.ts';

type Fact = AccountFact & { time?: number };
const given = (...events: Fact[]) => givenEvents(accountDecider, ...events);

const claim = 'c'.repeat(64);
const id = (n: number) => `05000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const opened: Fact = { type: 'AccountOpened', data: { login: '1.login', claim } };
const newPassword: Fact = { type: 'PasswordSet', data: { digest: '1.digest' } };
const session = (n: number, more: object = {}) => ({
  sessionId: id(n),
  scope: 'full' as const,
  signInId: 's-1',
  amr: ['pwd'],
  acr: ACR.none,
  expiresAt: NOON + 3_600_000,
  ...more,
});
const started = (n: number, more: object = {}): Fact => ({ type: 'SessionStarted', data: session(n, more) });
const start = (n: number, more: object = {}): StartSession => ({
  type: 'StartSession',
  ...session(n),
  passwords: 0,
  at: NOON,
  ...more,
});

describe('an account', () => {
  test('is opened once, and goes by another login afterwards', () => {
    given().when({ type: 'PutLogin', login: '1.login', claim }).then(opened);
    given(opened)
      .when({ type: 'PutLogin', login: '1.other', claim })
      .then({ type: 'LoginChanged', data: { login: '1.other', claim } });
  });

  test('has no password before it is there', () => {
    given().when({ type: 'SetPassword', digest: '1.digest' }).refuses('not-found');
  });
});

describe('a session', () => {
  test('begins with a result once', () => {
    const jti = id(99);
    given(opened).when(start(1, { jti })).then(started(1, { jti }));
    given(opened, started(1, { jti })).when(start(2, { jti })).refuses('result-taken');
    const confirm = { type: 'ConfirmSession', sessionId: id(1), by: 'second-step', jti, at: NOON } as const;
    given(opened, started(1, { jti })).when(confirm).refuses('result-taken');
  });

  test('does not begin on a first step under another password', () => {
    given(opened, newPassword).when(start(1)).refuses('unauthenticated');
    given(opened, newPassword)
      .when(start(1, { passwords: 1 }))
      .then(started(1));
  });

  test('sets a password only while it lives', () => {
    const set = { type: 'SetPassword', digest: '1.digest', sessionId: id(1) } as const;
    given(opened, started(1)).when(set).then(newPassword);
    given(opened, started(1), newPassword).when(set).refuses('unauthenticated');
  });

  test('takes the place of the enrolment session that it comes from, and of no other', () => {
    const { state } = given(opened, started(1), started(2, { replaces: id(1) }));
    expect(Object.keys(state.living.sessions)).toEqual([id(2)]);
    given(opened, started(2))
      .when(start(3, { replaces: id(1) }))
      .refuses('unauthenticated');
  });

  test('is one of so many: another one ends the one that would end first', () => {
    const many = Array.from({ length: MAX_SESSIONS }, (_, n) => started(n, { expiresAt: NOON + 10_000 + n }));
    given(opened, ...many)
      .when(start(77))
      .then(started(77), {
        type: 'SessionEnded',
        data: { sessionId: id(0), reason: 'too-many' },
      });
  });

  test('ends by sign-out, by a new password, and by itself', () => {
    const end = { type: 'EndSession', sessionId: id(1) } as const;
    const ended: Fact = { type: 'SessionEnded', data: { sessionId: id(1), reason: 'signed-out' } };
    given(opened, started(1)).when(end).then(ended);
    given(opened, started(1), ended).when(end).then();
    given(opened, started(1), newPassword).when(end).then();
    const confirm = (at: number) =>
      ({ type: 'ConfirmSession', sessionId: id(1), by: 'password', at }) as const;
    given(opened, started(1), newPassword).when(confirm(NOON)).refuses('unauthenticated');
    given(opened, started(1))
      .when(confirm(NOON + 3_600_000))
      .refuses('unauthenticated');
    given(opened, started(1))
      .when(confirm(NOON + 3_599_999))
      .then({ type: 'SessionConfirmed', data: { sessionId: id(1), by: 'password' } });
  });
});

test('a summary holds all of it, for the room and for those who let sessions in', () => {
  const { state } = given(opened, newPassword, started(1, { jti: id(99) }));
  const { data } = accountFold.summary!.take(state);
  const stored = JSON.parse(JSON.stringify(data)) as object;
  expect(accountFold.summary!.restore(stored)).toEqual(state);
  expect(stored).toMatchObject({ sessions: state.living.sessions, passwords: 1 });
});
