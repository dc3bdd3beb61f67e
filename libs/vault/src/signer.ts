import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyRing } from './key-ring.ts';
import { Vault } from './vault.ts';

const SUBJECT = { domain: 'signing' } as const;
const signAsync = promisify(sign) as (algorithm: null, data: Uint8Array, key: KeyObject) => Promise<Buffer>;
const b64 = (value: object) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** Signs results with Ed25519 (RFC 8037) in the compact form of RFC 7515, headers made once. */
export class Signer {
  readonly #key: KeyObject;
  readonly #headers = new Map<string, string>();
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  /** For the JWKS document. */
  readonly publicJwk: JsonWebKey;
  /** Verifies what this signer signed. */
  readonly publicKey: KeyObject;

  constructor(privateKey: KeyObject) {
    this.#key = privateKey;
    this.publicKey = createPublicKey(privateKey);
    const { crv, kty, x } = this.publicKey.export({ format: 'jwk' });
    this.keyId = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
    this.publicJwk = { kty, crv, x, kid: this.keyId, use: 'sig', alg: 'EdDSA' };
  }

  /**
   * Signs off the event loop: an Ed25519 signature is the dearest single step of an answer.
   * @param typ such as `sparekey-result+jwt`; verifiers always check it
   */
  async sign(typ: string, claims: object): Promise<string> {
    let header = this.#headers.get(typ);
    if (!header) this.#headers.set(typ, (header = b64({ alg: 'EdDSA', typ, kid: this.keyId })));
    const input = `${header}.${b64(claims)}`;
    const signature = await signAsync(null, Buffer.from(input, 'ascii'), this.#key);
    return `${input}.${signature.toString('base64url')}`;
  }
}

/** The installation's signing key out of the key ring, made at the first start; replicas that start at once get one. */
export async function loadSigner(vault: Vault, ring: KeyRing): Promise<Signer> {
  const fresh = generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64url');
  const context = { eventId: 'signing-key', field: 'pkcs8' };
  const stored = await ring.secretIfAbsent(
    SUBJECT.domain,
    await vault.seal(SUBJECT, 'signing', fresh, context),
  );
  const pkcs8 = Buffer.from(await vault.open(SUBJECT, 'signing', stored, context), 'base64url');
  return new Signer(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
}
