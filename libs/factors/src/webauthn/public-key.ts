import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { base64url } from './ceremony.ts';

/** Labels and values of COSE keys (RFC 9052 §7, RFC 9053 §7, RFC 8230 §4). */
const KTY = 1;
const ALG = 3;
const CRV = -1;
const OKP = 1;
const EC2 = 2;
const RSA = 3;
const P256 = 1;
const ED25519 = 6;
/** NIST SP 800-131A: shorter ones are no longer acceptable. */
const RSA_BITS = 2_048;

/**
 * Whether it is a key of the three forms that are asked for (WebAuthn §5.8.5), and a sound one: its point lies on the curve,
 * its modulus is long enough. The library looks at a key only when something signed by it is there.
 */
export async function isSoundKey(cose: Uint8Array): Promise<boolean> {
  const key = decode(cose);
  const bytes = (label: number) => {
    const value = key.get(label);
    if (!(value instanceof Uint8Array)) throw new TypeError('not bytes');
    return base64url(value);
  };
  const isOf = (kty: number, alg: number, size: number) =>
    key.get(KTY) === kty && key.get(ALG) === alg && key.size === size;
  try {
    if (isOf(EC2, -7, 5) && key.get(CRV) === P256) {
      const jwk = { kty: 'EC', crv: 'P-256', x: bytes(-2), y: bytes(-3) };
      await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
      return true;
    }
    if (isOf(OKP, -8, 4) && key.get(CRV) === ED25519) {
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytes(-2) };
      await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']);
      return true;
    }
    if (!isOf(RSA, -257, 4)) return false;
    const jwk = { kty: 'RSA', n: bytes(-1), e: bytes(-2) };
    const how = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const { algorithm } = await crypto.subtle.importKey('jwk', jwk, how, false, ['verify']);
    return (algorithm as unknown as { modulusLength: number }).modulusLength >= RSA_BITS;
  } catch {
    return false; // it cannot be made from what stands there
  }
}

export const algorithmOf = (cose: Uint8Array): unknown => decode(cose).get(ALG);

const decode = (cose: Uint8Array) =>
  decodeCredentialPublicKey(new Uint8Array(cose)) as unknown as ReadonlyMap<number, unknown>;
