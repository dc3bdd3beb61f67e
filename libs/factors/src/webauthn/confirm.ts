import { verifyRegistrationResponse } from '@simplewebauthn/server';
import type { ConfirmInput, Confirmed } from '../factor-kind.ts';
import { attestationOf, isCanonical, type Attestation } from './attestation.ts';
import { nameOfModel } from './authenticators.ts';
import { ALGORITHMS, base64url, digestOf, isOfOurPage, type Expected } from './ceremony.ts';
import type { KeptCredential, RegistrationResponse } from './credential.ts';
import { isSoundKey } from './public-key.ts';
import type { WebauthnSettings } from './settings.ts';

type Verified = Awaited<ReturnType<typeof verifyRegistrationResponse>>;
type Info = NonNullable<Verified['registrationInfo']>;

/**
 * Checks what an authenticator made (WebAuthn §7.1). Whatever is wrong with it, from outside it looks the same. Known only now, and
 * kept: the public key; its model; whether it is kept by a service that may copy it to other devices.
 */
export async function confirm({ settings, expected, answer }: ConfirmInput): Promise<Confirmed> {
  const response = answer.credential as RegistrationResponse;
  const made = expected === undefined ? undefined : await verify(response, JSON.parse(expected) as Expected);
  if (!made || !isTaken(made, settings as WebauthnSettings)) return { outcome: 'rejected' };
  const { credential, aaguid, credentialDeviceType, credentialBackedUp, rpID = '' } = made.info;
  const kept: KeptCredential = {
    id: credential.id,
    publicKey: base64url(credential.publicKey),
    transports: credential.transports ?? [],
    backupEligible: credentialDeviceType === 'multiDevice',
  };
  const name = nameOfModel(aaguid);
  return {
    outcome: 'accepted',
    consumes: credential.counter > 0 ? { through: credential.counter } : {},
    secret: JSON.stringify(kept),
    parameters: {
      credential: await digestOf(credential.id),
      aaguid,
      rpId: rpID,
      backedUp: credentialBackedUp ? 1 : 0,
    },
    claim: credential.id,
    ...(name !== undefined && { name }),
  };
}

interface Made {
  readonly info: Info;
  readonly attestation: Attestation;
}

/** @returns nothing where it is refused, by the library, which throws, or by what the library does not look at */
async function verify(response: RegistrationResponse, expected: Expected): Promise<Made | undefined> {
  const { challenge, rpId, origins, requireUserVerification } = expected;
  const { clientDataJSON, attestationObject } = response.response;
  try {
    if (!isOfOurPage(clientDataJSON) || !isCanonical(attestationObject)) return undefined;
    const { registrationInfo: info } = await verifyRegistrationResponse({
      response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!info || info.credential.id !== response.id || !(await isSoundKey(info.credential.publicKey)))
      return undefined;
    const attestation = attestationOf(attestationObject, info.credential.publicKey);
    return attestation && { info, attestation };
  } catch {
    return undefined; // the library says by an exception that something is wrong
  }
}

/** A policy that names models takes what says of which it is; one that allows named ones alone, what their maker certifies. */
function isTaken({ info: { aaguid }, attestation }: Made, settings: WebauthnSettings): boolean {
  const { allowedAuthenticators, deniedAuthenticators } = settings;
  if (deniedAuthenticators.length > 0 && attestation === 'none') return false;
  if (deniedAuthenticators.includes(aaguid)) return false;
  if (allowedAuthenticators.length === 0) return true;
  return attestation === 'certified' && allowedAuthenticators.includes(aaguid);
}
