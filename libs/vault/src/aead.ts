import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const NONCE = 12; // NIST SP 800-38D: 96-bit nonces, random; far below 2^32 messages a key
const TAG = 16;

/**
 * AES-256-GCM: nonce, ciphertext and tag in one piece. Keys are key objects: to take a key as bytes costs Node several times the
 * encryption of a token.
 */
export function encrypt(key: KeyObject, plaintext: Uint8Array, associated: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @returns nothing where the piece was not made by {@link encrypt} with this key and this associated data */
export function decrypt(key: KeyObject, piece: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (piece.length < NONCE + TAG) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, piece.subarray(0, NONCE))
    .setAAD(associated)
    .setAuthTag(piece.subarray(piece.length - TAG));
  const plaintext = decipher.update(piece.subarray(NONCE, piece.length - TAG));
  try {
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    return undefined; // the tag does not fit: the one thing final() throws for
  }
}
