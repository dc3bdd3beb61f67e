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
import { CannotOpen, OWN_SUBJECT, type Vault } from './vault.ts';

const SUBJECT = { domain: OWN_SUBJECT } as const;
/** No name of a domain. Sealed under a class that every process has: who has not the private key has only this. */
const PUBLIC = { domain: '.signing-public' } as const;
const signAsync = promisify(sign) as (algorithm: null, data: Uint8Array, key: KeyObject) => Promise<Buffer>;
const b64 = (value: object) => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/**
 * Signs results with Ed25519 (RFC 8037) in the compact form of RFC 7515, headers made once. Where the private key is not
 * given to the process it only knows how to verify.
 */
export class Signer {
  readonly #key: KeyObject | undefined;
  readonly #headers = new Map<string, string>();
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  /** For the JWKS document. */
  readonly publicJwk: JsonWebKey;
  /** Verifies what this signer signed. */
  readonly publicKey: KeyObject;

  constructor(publicKey: KeyObject, privateKey?: KeyObject) {
    this.#key = privateKey;
    this.publicKey = publicKey;
    const { crv, kty, x } = this.publicKey.export({ format: 'jwk' });
    this.keyId = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
    this.publicJwk = { kty, crv, x, kid: this.keyId, use: 'sig', alg: 'EdDSA' };
  }

  /** Whether the private key is this process's business. */
  get signs(): boolean {
    return this.#key !== undefined;
  }

  /**
   * Signs off the event loop: an Ed25519 signature is the dearest single step of an answer.
   * @param typ such as `sparekey-result+jwt`; verifiers always check it
   * @throws CannotOpen where the private key is not this process's business
   */
  async sign(typ: string, claims: object): Promise<string> {
    if (!this.#key) throw new CannotOpen('no master key for class signing');
    let header = this.#headers.get(typ);
    if (!header) this.#headers.set(typ, (header = b64({ alg: 'EdDSA', typ, kid: this.keyId })));
    const input = `${header}.${b64(claims)}`;
    const signature = await signAsync(null, Buffer.from(input, 'ascii'), this.#key);
    return `${input}.${signature.toString('base64url')}`;
  }
}

/**
 * The installation's signing key out of the key ring, made at the first start; replicas that start at once get one. A
 * process without the class `signing` gets the public half.
 *
 * @throws SigningKeyMissing where it has to wait for one that may make it
 */
export async function loadSigner(vault: Vault, ring: KeyRing): Promise<Signer> {
  const place = { eventId: 'signing-key', field: 'spki' };
  if (!vault.holds('signing')) {
    const stored = await ring.secret(PUBLIC.domain);
    if (stored === undefined) throw new SigningKeyMissing();
    return new Signer(publicKeyOf(await vault.open(PUBLIC, 'contact', stored, place)));
  }
  const privateKey = await loadPrivateKey(vault, ring);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
  await ring.secretIfAbsent(PUBLIC.domain, await vault.seal(PUBLIC, 'contact', spki, place));
  return new Signer(publicKey, privateKey);
}

/** No process that may sign has started yet. */
export class SigningKeyMissing extends Error {
  override readonly name = 'SigningKeyMissing';

  constructor() {
    super('there is no signing key yet: a service that signs makes it when it first starts');
  }
}

const publicKeyOf = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });

async function loadPrivateKey(vault: Vault, ring: KeyRing): Promise<KeyObject> {
  const fresh = generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64url');
  const context = { eventId: 'signing-key', field: 'pkcs8' };
  const stored = await ring.secretIfAbsent(
    SUBJECT.domain,
    await vault.seal(SUBJECT, 'signing', fresh, context),
  );
  const pkcs8 = Buffer.from(await vault.open(SUBJECT, 'signing', stored, context), 'base64url');
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
}
