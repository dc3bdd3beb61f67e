import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { decrypt, encrypt } from './aead.ts';
import type { HandleClass, KeyVersions, MasterKeys } from './master-keys.ts';

/** What a handle is for. One kind never opens as another. */
export type HandleKind = 'challenge' | 'result-code' | 'known-browser' | 'provider-sign-in' | 'notice';

/** Each kind by how it begins, and whose keys it is sealed under: those who make it open it, and nobody else can. */
const KINDS: Record<HandleKind, { readonly prefix: string; readonly keys: HandleClass }> = {
  challenge: { prefix: 'skc_', keys: 'challenge' },
  'result-code': { prefix: 'skr_', keys: 'challenge' },
  'known-browser': { prefix: 'skb_', keys: 'browser' },
  'provider-sign-in': { prefix: 'sko_', keys: 'browser' },
  notice: { prefix: 'skn_', keys: 'notice' },
};
const SEPARATOR = '\n';
const SALT = 16;

/**
 * Sealed handles: opaque text handed out to whoever may hold it, carrying what is needed to find the way without an
 * index. A handle is a secret: it stands in no event, log line, span or metric.
 *
 * Each is sealed under a key of its own, derived by HMAC-SHA-256 from the kind's key and 16 random bytes (NIST SP 800-108), so
 * that no key comes near the number of messages that AES-GCM bears, however many handles are made.
 */
export class Handles {
  readonly #keys: MasterKeys;

  constructor(keys: MasterKeys) {
    this.#keys = keys;
  }

  /** @param fields texts without line breaks, given back in the same order */
  seal(kind: HandleKind, fields: readonly string[]): string {
    const { version, key } = this.#versions(kind)[0]!;
    const salt = randomBytes(SALT);
    const text = Buffer.from(fields.join(SEPARATOR), 'utf8');
    const piece = Buffer.concat([salt, encrypt(derive(key, kind, salt), text, Buffer.from(kind, 'utf8'))]);
    return `${KINDS[kind].prefix}${version.toString(36)}.${piece.toString('base64url')}`;
  }

  /** @returns nothing where this is no handle of this kind, whatever else it may be */
  open(kind: HandleKind, handle: string): string[] | undefined {
    const { prefix } = KINDS[kind];
    const dot = handle.indexOf('.', prefix.length);
    if (!handle.startsWith(prefix) || dot < 0 || dot > prefix.length + 3) return undefined;
    const version = Number.parseInt(handle.slice(prefix.length, dot), 36);
    if (version.toString(36) !== handle.slice(prefix.length, dot)) return undefined;
    const key = this.#versions(kind).find((candidate) => candidate.version === version)?.key;
    if (!key) return undefined;
    const text = handle.slice(dot + 1);
    const piece = Buffer.from(text, 'base64url');
    if (piece.toString('base64url') !== text || piece.length < SALT) return undefined; // one handle has one spelling
    const own = derive(key, kind, piece.subarray(0, SALT));
    return decrypt(own, piece.subarray(SALT), Buffer.from(kind, 'utf8'))?.toString('utf8').split(SEPARATOR);
  }

  #versions(kind: HandleKind): KeyVersions {
    const versions = this.#keys.get(KINDS[kind].keys);
    if (!versions?.length) throw new Error(`no master key of class ${KINDS[kind].keys}`);
    return versions;
  }
}

const derive = (key: KeyObject, kind: HandleKind, salt: Uint8Array): KeyObject =>
  createSecretKey(createHmac('sha256', key).update(kind).update('\0').update(salt).digest());
