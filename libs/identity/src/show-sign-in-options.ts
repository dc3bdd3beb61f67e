import { IDENTITY_SERVICE, isWholeSignIn, type Policy } from '@sparekey/contracts';
import { factorTypes } from '@sparekey/factors';
import type { IdentityRoom } from './identity.room.ts';

/** Whether a passkey alone signs in. */
export const permitsPasskeySignIn = (policy: Policy): boolean =>
  factorTypes().some((type) => isWholeSignIn(policy, type));

/** How one may sign in: what the organisation is called, and its providers. An unknown domain looks like one without providers. */
export async function showSignInOptions(room: IdentityRoom, domain: string) {
  const { state } = await room.domains.load(domain);
  const { displayName = domain, policy, providers, services } = state;
  const through = [...providers].filter(([, { clientId }]) => clientId !== undefined);
  return {
    domain,
    organisation: displayName,
    passkey: permitsPasskeySignIn(policy) && services.has(IDENTITY_SERVICE),
    providers: through.map(([provider]) => ({ provider })),
  };
}
