import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `api-token`: of a machine. `access-token`: of a person's script. */
export type BearerKind = 'api-token' | 'access-token';

const PREFIX: Record<BearerKind, string> = { 'api-token': 'skt_', 'access-token': 'skp_' };
const FORM = /^([A-Za-z0-9_-]{1,1000})\.([A-Za-z0-9_-]{43})$/;
const SECRET = 32;
const SEPARATOR = '\n';

/** What was presented as a token: where it says it belongs, and what it has to be proven by. */
export interface Presented {
  readonly fields: readonly string[];
  /** Whether its secret is the one of which this is the digest. */
  matches(digest: string | undefined): boolean;
}

/**
 * A token that carries where it belongs and 32 random bytes. Only their digest is kept: with 256 bits of entropy a plain
 * SHA-256 is enough (OWASP ASVS 5.0, 6.5.2), and nothing that is kept or logged makes a token.
 *
 * @param fields texts without line breaks
 */
export function makeBearerToken(
  kind: BearerKind,
  fields: readonly string[],
  secret = randomBytes(SECRET).toString('base64url'),
): { readonly token: string; readonly secret: string; readonly digest: string } {
  const where = Buffer.from(fields.join(SEPARATOR), 'utf8').toString('base64url');
  return { token: `${PREFIX[kind]}${where}.${secret}`, secret, digest: digestOf(secret).toString('hex') };
}

/** @returns nothing where this is no token of this kind */
export function readBearerToken(kind: BearerKind, token: string): Presented | undefined {
  if (!token.startsWith(PREFIX[kind])) return undefined;
  const [, where, secret] = FORM.exec(token.slice(PREFIX[kind].length)) ?? [];
  if (where === undefined || secret === undefined) return undefined;
  return {
    fields: Buffer.from(where, 'base64url').toString('utf8').split(SEPARATOR),
    matches: (digest) =>
      digest !== undefined && timingSafeEqual(digestOf(secret), Buffer.from(digest, 'hex')),
  };
}

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();
