import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './aead.ts';
import type { HandleClass, KeyVersions, MasterKeys } from './master-keys.ts';

/**
 * What a token is for: whoever makes and opens it declares it. One kind never opens as another.
 */
export interface SealedTokenKind {
  /** Part of what is sealed, and of the key: it never changes. */
  readonly name: string;
  /** How every token of this kind begins. */
  readonly prefix: string;
  /** Whose keys it is sealed under: those who make it open it, and nobody else can. */
  readonly keys: HandleClass;
}

const SEPARATOR = '\n';
const SALT = 16;

/**
 * Sealed tokens: opaque text handed out to whoever may hold it, carrying what is needed to find the way without an
 * index. Such a token is a secret: it stands in no event, log line, span or metric.
 *
 * Each is sealed under a key of its own, derived by HMAC-SHA-256 from the kind's key and 16 random bytes (NIST SP 800-108), so
 * that no key comes near the number of messages that AES-GCM bears, however many tokens are made.
 */
export class SealedTokens {
  readonly #keys: MasterKeys;

  constructor(keys: MasterKeys) {
    this.#keys = keys;
  }

  /** @param fields texts without line breaks, given back in the same order */
  seal(kind: SealedTokenKind, fields: readonly string[]): string {
    const { version, key } = this.#versions(kind)[0]!;
    const salt = randomBytes(SALT);
    const text = Buffer.from(fields.join(SEPARATOR), 'utf8');
    const piece = Buffer.concat([
      salt,
      encrypt(derive(key, kind, salt), text, Buffer.from(kind.name, 'utf8')),
    ]);
    return `${kind.prefix}${version.toString(36)}.${piece.toString('base64url')}`;
  }

  /** @returns nothing where this is no token of this kind, whatever else it may be */
  open(kind: SealedTokenKind, token: string): string[] | undefined {
    const { prefix } = kind;
    const dot = token.indexOf('.', prefix.length);
    if (!token.startsWith(prefix) || dot < 0 || dot > prefix.length + 3) return undefined;
    const version = Number.parseInt(token.slice(prefix.length, dot), 36);
    if (version.toString(36) !== token.slice(prefix.length, dot)) return undefined;
    const key = this.#versions(kind).find((candidate) => candidate.version === version)?.key;
    if (!key) return undefined;
    const text = token.slice(dot + 1);
    const piece = Buffer.from(text, 'base64url');
    if (piece.toString('base64url') !== text || piece.length < SALT) return undefined; // one token has one spelling
    const own = derive(key, kind, piece.subarray(0, SALT));
    return decrypt(own, piece.subarray(SALT), Buffer.from(kind.name, 'utf8'))
      ?.toString('utf8')
      .split(SEPARATOR);
  }

  #versions(kind: SealedTokenKind): KeyVersions {
    const versions = this.#keys.get(kind.keys);
    if (!versions?.length) throw new Error(`no master key of class ${kind.keys}`);
    return versions;
  }
}

const derive = (key: KeyObject, kind: SealedTokenKind, salt: Uint8Array): KeyObject =>
  createSecretKey(createHmac('sha256', key).update(kind.name).update('\0').update(salt).digest());
