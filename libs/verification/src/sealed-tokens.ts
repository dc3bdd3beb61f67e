import type { SealedTokenKind } from '@sparekey/vault';

/** A challenge id: whoever holds it may answer. */
export const CHALLENGE_ID: SealedTokenKind = { name: 'challenge', prefix: 'skc_', keys: 'challenge' };
/** A sign-in of somebody who has said no name: the passkey that answers it does. */
export const PASSKEY_CHALLENGE: SealedTokenKind = {
  name: 'passkey-challenge',
  prefix: 'skw_',
  keys: 'challenge',
};
/** What the browser brings back to the service, which fetches the result for it. */
export const RESULT_CODE: SealedTokenKind = { name: 'result-code', prefix: 'skr_', keys: 'challenge' };
