import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { ConfirmInput, Confirmed, Models, Tools } from '../factor-kind.ts';
import {
  attestationOf,
  certificatesOf,
  isCanonical,
  isTakenFormat,
  type Attestation,
} from './attestation.ts';
import { nameOfModel } from './authenticators.ts';
import { ALGORITHMS, base64url, digestOf, isOfOurPage, type Expected } from './ceremony.ts';
import type { KeptCredential, RegistrationResponse } from './credential.ts';
import { isSoundKey } from './public-key.ts';
import type { WebauthnSettings } from './settings.ts';

// To end a chain at a root the library fetches the revocation lists that certificates name: it gets none, and ends none
SettingsService.setRootCertificates({ identifier: 'apple', certificates: [] });

type Verified = Awaited<ReturnType<typeof verifyRegistrationResponse>>;
type Info = NonNullable<Verified['registrationInfo']>;

/**
 * Checks what an authenticator made (WebAuthn §7.1). Whatever is wrong with it, from outside it looks the same. Known only now, and
 * kept: the public key; its model; whether it is kept by a service that may copy it to other devices.
 */
export async function confirm(
  { settings, expected, answer, now }: ConfirmInput,
  { models }: Pick<Tools, 'models'> = {},
): Promise<Confirmed> {
  const response = answer.credential as RegistrationResponse;
  const made = expected === undefined ? undefined : await verify(response, JSON.parse(expected) as Expected);
  const isTaken =
    made &&
    isPermitted(made, settings as WebauthnSettings) &&
    isBelieved(made, settings as WebauthnSettings, models, now);
  if (!isTaken) return { outcome: 'rejected' };
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
  /** Of its maker, where there are some: DER. */
  readonly certificates: readonly Uint8Array[];
}

/** @returns nothing where it is refused, by the library, which throws, or by what the library does not look at */
async function verify(response: RegistrationResponse, expected: Expected): Promise<Made | undefined> {
  const { challenge, rpId, origins, requireUserVerification } = expected;
  const { clientDataJSON, attestationObject } = response.response;
  try {
    if (!isOfOurPage(clientDataJSON) || !isCanonical(attestationObject)) return undefined;
    if (!isTakenFormat(attestationObject)) return undefined;
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
    return attestation && { info, attestation, certificates: certificatesOf(attestationObject) };
  } catch {
    return undefined; // the library says by an exception that something is wrong
  }
}

/** A policy that names models takes what says of which it is; one that allows named ones alone, what their maker certifies. */
function isPermitted({ info: { aaguid }, attestation }: Made, settings: WebauthnSettings): boolean {
  const { allowedAuthenticators, deniedAuthenticators } = settings;
  if (deniedAuthenticators.length > 0 && attestation === 'none') return false;
  if (deniedAuthenticators.includes(aaguid)) return false;
  if (allowedAuthenticators.length === 0) return true;
  return attestation === 'certified' && allowedAuthenticators.includes(aaguid);
}

/**
 * What is published of models goes before what a key says of itself: one that is compromised is not taken, nor a certificate that is
 * not the maker's; and where only named models are allowed, the maker must vouch.
 */
function isBelieved(
  { info: { aaguid }, attestation, certificates }: Made,
  { allowedAuthenticators }: WebauthnSettings,
  models: Models | undefined,
  now: number,
): boolean {
  if (!models) return true;
  if (models.isCompromised(aaguid)) return false;
  const isAsked = allowedAuthenticators.length > 0 || (attestation === 'certified' && models.isKnown(aaguid));
  return !isAsked || models.vouchesFor(aaguid, certificates, now);
}
