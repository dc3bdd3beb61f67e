import type { Fields, HeldFactor, RelyingParty, Settings } from '../factor-kind.ts';
import { keptCredential } from './credential.ts';
import { relyingPartyOf } from './relying-party.ts';
import type { WebauthnSettings } from './settings.ts';

/** `AllAcceptedCredentialsOptions` (WebAuthn Level 3, §5.1.10): whatever else an authenticator keeps for this person is void. */
export function accepted(
  held: readonly HeldFactor[],
  settings: Settings,
  ours: RelyingParty,
  userHandle: string,
): Fields {
  const { id } = relyingPartyOf(settings as WebauthnSettings, ours);
  const own = held.filter(({ parameters }) => parameters.rpId === id);
  return {
    rpId: id,
    userId: userHandle,
    allAcceptedCredentialIds: own.map(({ secret }) => keptCredential(secret!).id),
  };
}
