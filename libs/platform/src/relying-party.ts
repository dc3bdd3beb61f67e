import type { BlindIndex } from '@sparekey/vault';

/**
 * To whom and where ceremonies of this installation are bound (WebAuthn §4): the host of its public address, and for each user a
 * handle of 32 bytes that says nothing about them, and is the same whoever asks.
 */
export function ceremonyOf(
  publicUrl: string,
  blindIndex: BlindIndex,
  { domain, user }: { readonly domain: string; readonly user: string },
): {
  readonly relyingParty: { readonly id: string; readonly origins: readonly string[] };
  readonly userHandle: string;
} {
  const { hostname, origin } = new URL(publicUrl);
  const digest = blindIndex.of('user-handle', domain, user);
  return {
    relyingParty: { id: hostname, origins: [origin] },
    userHandle: Buffer.from(digest, 'hex').toString('base64url'),
  };
}
