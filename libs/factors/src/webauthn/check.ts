import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { Checked, CheckInput } from '../factor-kind.ts';
import { bytesOf, digestOf, ES256, isOfOurPage, type Expected } from './ceremony.ts';
import { keptCredential, type AuthenticationResponse, type KeptCredential } from './credential.ts';
import { isDerSignature } from './der.ts';
import { algorithmOf } from './public-key.ts';
import type { WebauthnSettings } from './settings.ts';

type Verified = Awaited<ReturnType<typeof verifyAuthenticationResponse>>['authenticationInfo'];

/** Whether an answer is of the credential with these parameters. */
export const identify = async (
  { credential }: CheckInput['answer'],
  parameters: CheckInput['parameters'],
): Promise<boolean> => (await digestOf((credential as AuthenticationResponse).id)) === parameters.credential;

/**
 * Checks what an authenticator signed (WebAuthn §7.2). A counter that does not rise is no reason to refuse the signature, but says
 * that there may be a copy of the key: the answer is refused, and that is said.
 */
export async function check(input: CheckInput): Promise<Checked> {
  const { secret, answer, expected, parameters, userHandle } = input;
  const { userVerification } = input.settings as WebauthnSettings;
  const response = answer.credential as AuthenticationResponse;
  if (secret === undefined || expected === undefined) return { outcome: 'rejected' };
  const kept = keptCredential(secret);
  const rpId = String(parameters.rpId);
  const asked = JSON.parse(expected) as Expected;
  const requireUserVerification = asked.requireUserVerification || userVerification === 'required'; // since then
  const of = { ...asked, rpId, requireUserVerification };
  const handle = response.response.userHandle;
  const isOwn = handle || of.requireUserHandle ? handle === userHandle : true;
  const shown = isOwn ? await verify(response, kept, of) : undefined;
  return shown ? judge(shown, kept, input) : { outcome: 'rejected' };
}

/** What is signed is right; what it says must fit what is known of the key. */
function judge(
  { newCounter, credentialDeviceType, credentialBackedUp, userVerified }: Verified,
  { backupEligible }: KeptCredential,
  { consumed: { through = 0 }, parameters }: CheckInput,
): Checked {
  if ((credentialDeviceType === 'multiDevice') !== backupEligible) return { outcome: 'rejected' };
  if ((newCounter > 0 || through > 0) && newCounter <= through)
    return { outcome: 'rejected', suspicion: 'cloned' };
  const backedUp = credentialBackedUp ? 1 : 0;
  return {
    outcome: 'accepted',
    consumes: newCounter > 0 ? { through: newCounter } : {},
    amr: [backupEligible ? 'swk' : 'hwk', ...(userVerified ? ['user'] : [])],
    ...(backedUp !== parameters.backedUp && { learned: { backedUp } }),
  };
}

/** @returns nothing where it is refused, by the library, which throws, or by what the library does not look at */
async function verify(
  response: AuthenticationResponse,
  { id, publicKey }: KeptCredential,
  { challenge, rpId, origins, requireUserVerification }: Expected,
): Promise<Verified | undefined> {
  const { clientDataJSON, authenticatorData, signature } = response.response;
  const key = new Uint8Array(bytesOf(publicKey)!);
  const signed = bytesOf(signature);
  if (!signed || !bytesOf(authenticatorData) || !isOfOurPage(clientDataJSON)) return undefined;
  if (response.id !== id || (algorithmOf(key) === ES256 && !isDerSignature(signed))) return undefined;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification,
      // the library judges the counter before the signature, so that its refusal would prove nothing
      credential: { id, publicKey: key, counter: 0 },
    });
    return verified ? authenticationInfo : undefined;
  } catch {
    return undefined; // the library says by an exception that something is wrong
  }
}
