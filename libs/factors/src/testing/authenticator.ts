import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto';
import type { AuthenticationResponse, RegistrationResponse } from '../webauthn/credential.ts';
import { cbor, type Cbor } from './cbor.ts';

/*
 * An authenticator and its browser, written by hand from WebAuthn Level 3 and CTAP 2.2: what it makes can be false in every part,
 * which no real one lets anybody ask for.
 */

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

const COSE_ALG = { ES256: -7, EdDSA: -8, RS256: -257 } as const;

/** Bits of the flags of authenticator data (§6.1). */
export const FLAG = { UP: 0x01, UV: 0x04, BE: 0x08, BS: 0x10, AT: 0x40, ED: 0x80 } as const;

export interface Wishes {
  readonly type?: string;
  readonly challenge?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  readonly rpId?: string;
  /** Instead of UP, UV and what the authenticator is. */
  readonly flags?: number;
  readonly counter?: number;
  /** `none`: the default. */
  readonly attestation?: 'none' | 'self' | Certificate;
  /** Of the attestation statement. */
  readonly alg?: number;
  readonly userHandle?: string | null;
  readonly id?: string;
}

/** A maker's certificate, in DER, with those above it, and its key. */
export interface Certificate {
  readonly chain: readonly Uint8Array[];
  readonly key: KeyObject;
}

export interface Authenticator {
  readonly id: string;
  readonly aaguid: string;
  counter: number;
  create(options: CreationOptions, wishes?: Wishes): RegistrationResponse;
  get(options: RequestOptions, wishes?: Wishes): AuthenticationResponse;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
}

export interface AuthenticatorInput {
  readonly origin: string;
  readonly algorithm?: Algorithm;
  readonly aaguid?: string;
  /** A passkey that a service may copy to other devices. */
  readonly isSynced?: boolean;
  /** One that counts begins with 1; one that does not stays at 0. */
  readonly counts?: boolean;
  readonly verifiesUser?: boolean;
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

function keyPair(algorithm: Algorithm): KeyPairKeyObjectResult {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2_048 });
}

/** COSE_Key in CTAP2 canonical form (RFC 9053, RFC 8230). */
export function coseOf(key: KeyObject): Uint8Array {
  const { kty, x, y, n, e } = key.export({ format: 'jwk' });
  const bytes = (text: unknown) => new Uint8Array(Buffer.from(String(text), 'base64url'));
  const entries: [Cbor, Cbor][] =
    kty === 'EC'
      ? [[1, 2], [3, -7], [-1, 1], [-2, bytes(x)], [-3, bytes(y)]] // prettier-ignore
      : kty === 'OKP'
        ? [[1, 1], [3, -8], [-1, 6], [-2, bytes(x)]] // prettier-ignore
        : [[1, 3], [3, -257], [-1, bytes(n)], [-2, bytes(e)]]; // prettier-ignore
  return cbor(new Map(entries));
}

const signedBy = (key: KeyObject, data: Uint8Array): Uint8Array =>
  sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', data, key);

export function authenticator({
  origin,
  algorithm = 'ES256',
  aaguid = NO_MODEL,
  isSynced = false,
  counts = true,
  verifiesUser = true,
}: AuthenticatorInput): Authenticator {
  const { publicKey, privateKey } = keyPair(algorithm);
  const id = base64url(randomBytes(32));
  let handle = '';

  const clientData = (type: string, challenge: string, wishes: Wishes) =>
    Buffer.from(
      JSON.stringify({
        type: wishes.type ?? type,
        challenge: wishes.challenge ?? challenge,
        origin: wishes.origin ?? origin,
        crossOrigin: wishes.crossOrigin ?? false,
        ...(wishes.topOrigin !== undefined && { topOrigin: wishes.topOrigin }),
      }),
    );
  const usual = FLAG.UP | (verifiesUser ? FLAG.UV : 0) | (isSynced ? FLAG.BE | FLAG.BS : 0);
  const dataOf = (rpId: string, wishes: Wishes, more: number, counter: number) => {
    const head = Buffer.alloc(5);
    head.writeUInt8((wishes.flags ?? usual) | more, 0);
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(wishes.rpId ?? rpId), head]);
  };
  const next = (self: Authenticator, { counter }: Wishes) =>
    (self.counter = counter ?? self.counter + (counts ? 1 : 0));
  const attested = (wishes: Wishes) => {
    const raw = Buffer.from(wishes.id ?? id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(raw.length);
    return Buffer.concat([Buffer.from(aaguid.replaceAll('-', ''), 'hex'), length, raw, coseOf(publicKey)]);
  };
  const statementOf = (
    { attestation = 'none', alg }: Wishes,
    signed: Uint8Array,
  ): [string, Map<Cbor, Cbor>] => {
    if (attestation === 'none') return ['none', new Map<Cbor, Cbor>()];
    const key = attestation === 'self' ? privateKey : attestation.key;
    const fields: [Cbor, Cbor][] = [
      ['alg', alg ?? (attestation === 'self' ? COSE_ALG[algorithm] : -7)],
      ['sig', new Uint8Array(signedBy(key, signed))],
    ];
    if (attestation !== 'self') fields.push(['x5c', [...attestation.chain]]);
    return ['packed', new Map(fields)];
  };

  return {
    id,
    aaguid,
    counter: 0,
    create({ challenge, rp, user }, wishes = {}) {
      handle = user.id;
      const clientDataJSON = clientData('webauthn.create', challenge, wishes);
      const counter = next(this, wishes);
      const authData = Buffer.concat([dataOf(rp.id, wishes, FLAG.AT, counter), attested(wishes)]);
      const [fmt, attStmt] = statementOf(wishes, Buffer.concat([authData, sha256(clientDataJSON)]));
      const object = cbor(
        new Map<Cbor, Cbor>([
          ['fmt', fmt],
          ['attStmt', attStmt],
          ['authData', new Uint8Array(authData)],
        ]),
      );
      return {
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(clientDataJSON),
          attestationObject: base64url(object),
          transports: ['usb'],
        },
        clientExtensionResults: {},
      };
    },
    get({ challenge, rpId }, wishes = {}) {
      const clientDataJSON = clientData('webauthn.get', challenge, wishes);
      const authenticatorData = dataOf(rpId, wishes, 0, next(this, wishes));
      const signature = signedBy(privateKey, Buffer.concat([authenticatorData, sha256(clientDataJSON)]));
      const userHandle = wishes.userHandle === undefined ? handle : wishes.userHandle;
      return {
        id: wishes.id ?? id,
        rawId: wishes.id ?? id,
        type: 'public-key',
        response: {
          clientDataJSON: base64url(clientDataJSON),
          authenticatorData: base64url(authenticatorData),
          signature: base64url(signature),
          ...(userHandle !== null && { userHandle }),
        },
        clientExtensionResults: {},
      };
    },
  };
}
