import type { ClaimFact } from '@sparekey/contracts';
import { NOON } from '@sparekey/event-sourcing/testing';
import { ABANDONED_MS, claimDecider, type Claim } from './claims.ts';

const claim = 'c'.repeat(64);
const free: Claim = { holder: undefined, at: 0 };
const ofAda: Claim = { holder: 'ada', at: NOON };
const claimed: ClaimFact[] = [{ type: 'LoginClaimed', data: { claim } }];
const decide = (user: string, state: Claim, inUse: boolean, at = NOON) =>
  claimDecider.decide({ type: 'ClaimLogin', claim, user, inUse, at }, state);

describe('a login', () => {
  test('goes to who asks first', () => {
    expect(decide('ada', free, false)).toEqual(claimed);
    expect(decide('ada', ofAda, true)).toEqual([]);
    expect(decide('ada', ofAda, false)).toEqual(claimed); // anew: it might have been taken for abandoned
    expect(() => decide('bob', ofAda, true)).toThrow('already-exists');
  });

  test('that came to no account is free again after longer than any command lives', () => {
    expect(() => decide('bob', ofAda, false, NOON + ABANDONED_MS)).toThrow('already-exists');
    expect(decide('bob', ofAda, false, NOON + ABANDONED_MS + 1)).toEqual(claimed);
    expect(() => decide('bob', ofAda, true, NOON + ABANDONED_MS + 1)).toThrow('already-exists');
  });

  test('is given back by its holder alone', () => {
    const release = (user: string) =>
      claimDecider.decide({ type: 'ReleaseLogin', claim, user }, ofAda).map(({ type }) => type);
    expect(release('bob')).toEqual([]);
    expect(release('ada')).toEqual(['LoginReleased']);
  });
});
