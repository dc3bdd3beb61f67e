import {
  cose,
  decodeAttestationObject,
  decodeCredentialPublicKey,
  isoCBOR,
} from '@simplewebauthn/server/helpers';
import { bytesOf, ES256 } from './ceremony.ts';
import { isDerSignature } from './der.ts';

/** Who says of which model a credential is: nobody, the credential itself, or a certificate of the maker's. */
export type Attestation = 'none' | 'self' | 'certified';

/**
 * Whether an attestation object has the only form that its content has in CBOR (CTAP2 canonical form, but for the order of
 * members): the library reads longer forms of a length too.
 */
export function isCanonical(attestationObject: string): boolean {
  const bytes = bytesOf(attestationObject);
  if (!bytes) return false;
  const again = isoCBOR.encode(isoCBOR.decodeFirst(new Uint8Array(bytes)));
  return Buffer.compare(again, bytes) === 0;
}

/**
 * Formats of which the library ends no chain by itself. Of Android's it would, at a root that the answer brings along, and then fetch
 * the revocation list from whatever address the answer names.
 */
const FORMATS: readonly unknown[] = ['none', 'packed', 'fido-u2f', 'tpm', 'apple'];

export const isTakenFormat = (attestationObject: string): boolean =>
  FORMATS.includes(decodeAttestationObject(new Uint8Array(bytesOf(attestationObject)!)).get('fmt'));

/**
 * @param publicKey COSE_Key of the credential
 * @returns nothing where the object contradicts itself in a way that the library lets pass
 */
export function attestationOf(attestationObject: string, publicKey: Uint8Array): Attestation | undefined {
  const object = decodeAttestationObject(new Uint8Array(bytesOf(attestationObject)!));
  // the library reads a key whose last part is cut off
  if (!Buffer.from(object.get('authData')).includes(Buffer.from(publicKey))) return undefined;
  const format = object.get('fmt');
  const statement = object.get('attStmt');
  if (format === 'none') return 'none';
  if (statement.get('x5c') !== undefined || format !== 'packed') return 'certified';
  const algorithm = decodeCredentialPublicKey(new Uint8Array(publicKey)).get(cose.COSEKEYS.alg);
  if (statement.get('alg') !== algorithm) return undefined; // §8.2.1
  const signature = statement.get('sig');
  return Number(algorithm) === ES256 && !(signature && isDerSignature(signature)) ? undefined : 'self';
}

/** The maker's certificates in DER, the authenticator's first; none where there are none. */
export const certificatesOf = (attestationObject: string): readonly Uint8Array[] =>
  decodeAttestationObject(new Uint8Array(bytesOf(attestationObject)!))
    .get('attStmt')
    .get('x5c') ?? [];
