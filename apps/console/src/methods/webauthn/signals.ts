import { sendSignal } from '@simplewebauthn/browser';
import { api, ask } from '../../api/client.ts';

/**
 * Tells whoever keeps passkeys which ones still count here, so that one that was removed is not offered again, and by what name
 * the account goes.
 */
export async function tellKeepers(domain: string, userId: string): Promise<void> {
  if (!('PublicKeyCredential' in globalThis && 'signalAllAcceptedCredentials' in PublicKeyCredential)) return;
  const params = { path: { domain, user: userId } };
  try {
    const accepted = await ask(() =>
      api.GET('/v1/domains/{domain}/users/{user}/webauthn-credentials', { params }),
    );
    const who = { rpID: accepted.rpId, userID: accepted.userId };
    const { allAcceptedCredentialIds: allAcceptedCredentialIDs, name: userName } = accepted;
    await sendSignal({ signalName: 'allAcceptedCredentials', ...who, allAcceptedCredentialIDs });
    await sendSignal({ signalName: 'currentUserDetails', ...who, userName, userDisplayName: userName });
  } catch (error) {
    console.error(error); // eslint-disable-line no-console -- a favour to whoever keeps them: what it tells of is done
  }
}
