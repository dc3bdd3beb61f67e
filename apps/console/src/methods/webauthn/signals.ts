import { sendSignal } from '@simplewebauthn/browser';
import { api, ask, type Schemas } from '../../api/client.ts';

type Signal = Parameters<typeof sendSignal>[0];
type Accepted = Schemas['AcceptedCredentials'];

/** Tells whoever keeps passkeys which ones still count here, so that one that was removed is not offered again. */
export const tellWhatCounts = tell('signalAllAcceptedCredentials', (accepted) => ({
  signalName: 'allAcceptedCredentials',
  rpID: accepted.rpId,
  userID: accepted.userId,
  allAcceptedCredentialIDs: accepted.allAcceptedCredentialIds,
}));

/** Tells them by what name the account goes, which may have changed since they were made. */
export const tellName = tell('signalCurrentUserDetails', (accepted) => ({
  signalName: 'currentUserDetails',
  rpID: accepted.rpId,
  userID: accepted.userId,
  userName: accepted.name,
  userDisplayName: accepted.name,
}));

/** @param method by which a browser shows that it knows the signal */
function tell(method: string, signalOf: (accepted: Accepted) => Signal) {
  return async (domain: string, userId: string): Promise<void> => {
    if (!('PublicKeyCredential' in globalThis && method in PublicKeyCredential)) return;
    const params = { path: { domain, user: userId } };
    try {
      const accepted = await ask(() =>
        api.GET('/v1/domains/{domain}/users/{user}/webauthn-credentials', { params }),
      );
      const isOurPlace = `.${location.hostname}`.endsWith(`.${accepted.rpId}`);
      if (isOurPlace) await sendSignal(signalOf(accepted));
    } catch (error) {
      console.error(error); // eslint-disable-line no-console -- a favour to whoever keeps them: what it tells of is done
    }
  };
}
