import { decrypt, encrypt } from './aead.ts';
import type { KeyVersions } from './master-keys.ts';

/** What a handle is for. One kind never opens as another. */
export type HandleKind =
  | 'challenge'
  | 'result-code'
  | 'api-token'
  | 'access-token'
  | 'known-browser'
  | 'provider-sign-in'
  | 'notice'
  | 'canary';

const PREFIX: Record<HandleKind, string> = {
  challenge: 'skc_',
  'result-code': 'skr_',
  'api-token': 'skt_',
  'access-token': 'skp_',
  'known-browser': 'skb_',
  'provider-sign-in': 'sko_',
  notice: 'skn_',
  canary: 'skx_',
};
const SEPARATOR = '\n';

/**
 * Sealed handles: opaque text handed out to whoever may hold it, carrying what is needed to find the way without an
 * index. A handle is a secret: it stands in no event, log line, span or metric.
 */
export class Handles {
  readonly #keys: KeyVersions;

  constructor(keys: KeyVersions) {
    if (keys.length === 0) throw new Error('no master key of class handle');
    this.#keys = keys;
  }

  /** @param fields texts without line breaks, given back in the same order */
  seal(kind: HandleKind, fields: readonly string[]): string {
    const { version, key } = this.#keys[0]!;
    const piece = encrypt(key, Buffer.from(fields.join(SEPARATOR), 'utf8'), Buffer.from(kind, 'utf8'));
    return `${PREFIX[kind]}${version.toString(36)}.${piece.toString('base64url')}`;
  }

  /** @returns nothing where this is no handle of this kind, whatever else it may be */
  open(kind: HandleKind, handle: string): string[] | undefined {
    const prefix = PREFIX[kind];
    const dot = handle.indexOf('.', prefix.length);
    if (!handle.startsWith(prefix) || dot < 0 || dot > prefix.length + 3) return undefined;
    const version = Number.parseInt(handle.slice(prefix.length, dot), 36);
    if (version.toString(36) !== handle.slice(prefix.length, dot)) return undefined;
    const key = this.#keys.find((candidate) => candidate.version === version)?.key;
    if (!key) return undefined;
    const text = handle.slice(dot + 1);
    const piece = Buffer.from(text, 'base64url');
    if (piece.toString('base64url') !== text) return undefined; // one handle has one spelling
    return decrypt(key, piece, Buffer.from(kind, 'utf8'))?.toString('utf8').split(SEPARATOR);
  }
}
