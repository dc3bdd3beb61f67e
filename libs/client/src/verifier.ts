import { createHash, randomBytes } from 'node:crypto';

/** What a hosted challenge is bound to the first browser with (RFC 7636). */
export interface Verifier {
  /** Stays with the browser that did the first step, such as in its session. */
  readonly codeVerifier: string;
  /** Goes to Sparekey with the challenge. */
  readonly codeChallenge: string;
}

/** A new one, for one sign-in. */
export function createVerifier(): Verifier {
  const codeVerifier = randomBytes(32).toString('base64url');
  return { codeVerifier, codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url') };
}
