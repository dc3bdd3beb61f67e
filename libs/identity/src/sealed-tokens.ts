import type { SealedTokenKind } from '@sparekey/vault';

/** Kept by a browser in which somebody has signed in. */
export const KNOWN_BROWSER: SealedTokenKind = { name: 'known-browser', prefix: 'skb_', keys: 'browser' };
/** Kept by a browser on its way to the organisation's own provider and back. */
export const PROVIDER_SIGN_IN: SealedTokenKind = {
  name: 'provider-sign-in',
  prefix: 'sko_',
  keys: 'browser',
};
