import { sendSignal } from '@simplewebauthn/browser';
import { api, ask } from '../../api/client.ts';

/** Tells whoever keeps passkeys which ones still count here, so that one that was removed is not offered again. */
export async function tellWhatCounts(domain: string, userId: string): Promise<void> {
  if (!('PublicKeyCredential' in globalThis && 'signalAllAcceptedCredentials' in PublicKeyCredential)) return;
  const params = { path: { domain, user: userId } };
  try {
    const accepted = await ask(() =>
      api.GET('/v1/domains/{domain}/users/{user}/webauthn-credentials', { params }),
    );
    await sendSignal({
      signalName: 'allAcceptedCredentials',
      rpID: accepted.rpId,
      userID: accepted.userId,
      allAcceptedCredentialIDs: accepted.allAcceptedCredentialIds,
    });
  } catch (error) {
    console.error(error); // eslint-disable-line no-console -- a favour to whoever keeps them: the removal is done
  }
}
