import { CONFIRM_ATTEMPTS, type FactorsFact } from '@sparekey/contracts';
import { given as givenEvents, NOON } from '@sparekey/event-sourcing/testing';
import { PENDING_MS, userDecider } from './user.ts';

const given = (...events: FactorsFact[]) => givenEvents(userDecider, ...events);

const phone = '0f000000-0000-4000-8000-000000000001';
const tablet = '0f000000-0000-4000-8000-000000000002';
const settings = { digits: 6, period: 30, algorithm: 'SHA1' };

const id = (n: number) => `0e000000-0000-4000-8000-00000000000${n}`;
const registered: FactorsFact = { type: 'UserRegistered', data: { contacts: '1.sealed' } };
const added = (factorId: string): FactorsFact => ({
  type: 'FactorAdded',
  data: { factorId, kind: 'totp', secret: '1.secret', settings, expiresAt: NOON + PENDING_MS },
});
const confirmed = (factorId: string): FactorsFact => ({
  type: 'FactorConfirmed',
  data: { factorId, step: 7 },
});
const rejected = (factorId: string, attemptsLeft: number): FactorsFact => ({
  type: 'FactorConfirmationRejected',
  data: { factorId, attemptsLeft },
});
const enabled: FactorsFact = { type: 'TwoStepEnabled', data: {} };
const disabled = (epoch: number): FactorsFact => ({ type: 'TwoStepDisabled', data: { epoch } });
const ada = [registered, added(phone), confirmed(phone)];

const add = (factorId: string, maxFactors = 10, at = NOON) =>
  ({ type: 'AddFactor', factorId, kind: 'totp', secret: '1.secret', settings, maxFactors, at }) as const;
const confirm = (factorId: string, accepted = true, at = NOON) =>
  ({
    type: 'ConfirmFactor',
    factorId,
    ...(accepted ? { isRight: true, step: 7 } : { isRight: false }),
    at,
  }) as const;
const remove = (factorId: string, usable: readonly string[] = [phone, tablet]) =>
  ({ type: 'RemoveFactor', factorId, usable, at: NOON }) as const;

describe('a user', () => {
  test('comes into being with contacts, which may change', () => {
    given().when({ type: 'PutContacts', contacts: '1.sealed' }).then(registered);
    given(registered)
      .when({ type: 'PutContacts', contacts: '1.other' })
      .then({ type: 'ContactsChanged', data: { contacts: '1.other' } });
  });

  test.each([
    add(phone),
    confirm(phone),
    remove(phone),
    { type: 'EnableTwoStep', usable: [], codesSaved: true },
    { type: 'DisableTwoStep' },
  ] as const)('who is unknown can do nothing: $type', (command) =>
    given().when(command).refuses('not-found'),
  );
});

describe('a factor', () => {
  test('is added as pending, for ten minutes', () => {
    given(registered).when(add(phone)).then(added(phone));
  });

  test('is confirmed by a correct code', () => {
    given(registered, added(phone)).when(confirm(phone)).then(confirmed(phone));
  });

  test('that is confirmed without a name takes the one that its kind proposes', () => {
    const proposed = { ...confirm(phone), name: 'sealed' };
    const named = { factorId: phone, step: 7, name: 'sealed' };
    given(registered, added(phone)).when(proposed).then({ type: 'FactorConfirmed', data: named });
  });

  test('is confirmed once', () => {
    given(...ada)
      .when(confirm(phone))
      .refuses('already-exists');
  });

  test('counts wrong codes and dies with the fifth', () => {
    given(registered, added(phone))
      .when(confirm(phone, false))
      .then(rejected(phone, CONFIRM_ATTEMPTS - 1));
    given(registered, added(phone), rejected(phone, 1)).when(confirm(phone, false)).then(rejected(phone, 0));
    given(registered, added(phone), rejected(phone, 0)).when(confirm(phone)).refuses('not-found');
  });

  test('dies unconfirmed after ten minutes', () => {
    given(registered, added(phone))
      .when(confirm(phone, true, NOON + PENDING_MS - 1))
      .then(confirmed(phone));
    given(registered, added(phone))
      .when(confirm(phone, true, NOON + PENDING_MS))
      .refuses('not-found');
  });

  test('has no more beside it than the policy allows; dead ones do not count', () => {
    given(...ada)
      .when(add(tablet, 1))
      .refuses('policy-refused', { detail: 'a user may have 1 factors' });
    given(registered, added(phone), rejected(phone, 0)).when(add(tablet, 1)).then(added(tablet));
  });

  test('can be renamed and made the default, once confirmed', () => {
    const both = [...ada, added(tablet)];
    given(...both)
      .when({ type: 'ChangeFactor', factorId: tablet, name: '1.name', makeDefault: false, at: NOON })
      .then({ type: 'FactorRenamed', data: { factorId: tablet, name: '1.name' } });
    given(...both)
      .when({ type: 'ChangeFactor', factorId: tablet, makeDefault: true, at: NOON })
      .refuses('not-enrolled', { detail: 'the factor is not confirmed' });
    given(...both, confirmed(tablet))
      .when({ type: 'ChangeFactor', factorId: tablet, makeDefault: true, at: NOON })
      .then({ type: 'DefaultFactorChosen', data: { factorId: tablet } });
    given(...ada, { type: 'DefaultFactorChosen', data: { factorId: phone } })
      .when({ type: 'ChangeFactor', factorId: phone, makeDefault: true, at: NOON })
      .then();
  });

  test('is removed, and is the choice no longer', () => {
    const both = [...ada, added(tablet), confirmed(tablet)];
    const removed: FactorsFact = { type: 'FactorRemoved', data: { factorId: phone } };
    given(...both, enabled)
      .when(remove(phone))
      .then(removed);
    const chosen: FactorsFact = { type: 'DefaultFactorChosen', data: { factorId: phone } };
    expect(given(...both, chosen).state.defaultFactor).toBe(phone);
    expect(given(...both, chosen, removed).state.defaultFactor).toBeUndefined();
    given(...both, removed)
      .when(remove(phone))
      .refuses('not-found');
  });

  test('stays where no other would pass and two-step verification is on', () => {
    given(...ada, enabled)
      .when(remove(phone, [phone]))
      .refuses('policy-refused');
    given(...ada, enabled, added(tablet))
      .when(remove(phone, [phone]))
      .refuses('policy-refused');
    given(...ada, enabled, added(tablet))
      .when(remove(tablet, [phone]))
      .then({ type: 'FactorRemoved', data: { factorId: tablet } });
    given(...ada)
      .when(remove(phone, [phone]))
      .then({ type: 'FactorRemoved', data: { factorId: phone } });
  });

  test('stays also where what would be left is suspended; what is suspended may go', () => {
    const both = [...ada, added(tablet), confirmed(tablet), enabled];
    given(...both)
      .when(remove(phone, [phone]))
      .refuses('policy-refused');
    given(...both)
      .when(remove(tablet, [phone]))
      .then({ type: 'FactorRemoved', data: { factorId: tablet } });
  });
});

describe('two-step verification', () => {
  test('goes on with a confirmed factor and saved codes', () => {
    given(registered, added(phone))
      .when({ type: 'EnableTwoStep', usable: [phone], codesSaved: true })
      .refuses('not-enrolled');
    given(...ada)
      .when({ type: 'EnableTwoStep', usable: [], codesSaved: true }) // suspended
      .refuses('not-enrolled');
    given(...ada)
      .when({ type: 'EnableTwoStep', usable: [phone], codesSaved: false })
      .refuses('codes-not-saved');
    given(...ada)
      .when({ type: 'EnableTwoStep', usable: [phone], codesSaved: true })
      .then(enabled);
    given(...ada, enabled)
      .when({ type: 'EnableTwoStep', usable: [phone], codesSaved: true })
      .then();
  });

  test('raises the epoch each time it goes off', () => {
    given(...ada, enabled)
      .when({ type: 'DisableTwoStep' })
      .then(disabled(1));
    given(...ada, enabled, disabled(1), enabled)
      .when({ type: 'DisableTwoStep' })
      .then(disabled(2));
    given(...ada)
      .when({ type: 'DisableTwoStep' })
      .then();
  });

  test('puts two-step verification off while it may, for one sign-in at a time', () => {
    const skip = (signInId: string, at = NOON) =>
      ({ type: 'SkipTwoStep', service: 'payroll', signInId, deadline: NOON + 1, at }) as const;
    const skipped: FactorsFact = { type: 'TwoStepSkipped', data: { service: 'payroll', signInId: 's-1' } };
    given(registered).when(skip('s-1')).then(skipped);
    given(registered, skipped).when(skip('s-1')).then();
    const ofOther = { ...skip('s-1'), service: 'portal' } as const;
    given(registered, skipped)
      .when(ofOther)
      .then({ type: 'TwoStepSkipped', data: { service: 'portal', signInId: 's-1' } });
    given(registered)
      .when(skip('s-1', NOON + 1))
      .refuses('policy-refused');
    given(registered, { type: 'TwoStepEnabled', data: {} }).when(skip('s-1')).refuses('policy-refused');
  });

  test('goes on in a session without the factors that other sessions confirmed on a password alone', () => {
    const [mine, foreign] = [id(1), id(2)];
    const added = (n: number): FactorsFact => ({
      type: 'FactorAdded',
      data: { factorId: id(n), kind: 'totp', secret: '1.secret', settings: {}, expiresAt: NOON + 1_000 },
    });
    const confirmed = (n: number, sessionId?: string): FactorsFact => ({
      type: 'FactorConfirmed',
      data: { factorId: id(n), step: 1, ...(sessionId && { sessionId }) },
    });
    const usable = [id(5), id(6)];
    const enable = { type: 'EnableTwoStep', usable, codesSaved: true, sessionId: mine } as const;
    const enabled: FactorsFact = { type: 'TwoStepEnabled', data: { sessionId: mine } };
    given(registered, added(5), confirmed(5, foreign)).when(enable).refuses('not-enrolled');
    given(registered, added(5), confirmed(5, foreign), added(6), confirmed(6, mine))
      .when(enable)
      .then({ type: 'FactorRemoved', data: { factorId: id(5) } }, enabled);
    given(registered, added(5), confirmed(5)).when(enable).then(enabled); // a service did it
    const off: FactorsFact = { type: 'TwoStepDisabled', data: { epoch: 1 } };
    const before: FactorsFact = { type: 'TwoStepEnabled', data: { sessionId: foreign } };
    given(registered, added(5), confirmed(5, foreign), before, off).when(enable).then(enabled); // it had protected the account before
  });
});
