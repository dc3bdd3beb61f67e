/** Ed25519, ES256, RS256, and nothing that a newer library or runtime would add. */
export const ALGORITHMS = [-8, -7, -257];
/** The algorithm that signs with a curve, and so in DER. */
export const ES256 = -7;

/** How long the browser waits for the person. */
export const TIMEOUT_MS = 300_000;
export const CHALLENGE_BYTES = 32;

/** What a response is compared with: sealed, and good for one ceremony. */
export interface Expected {
  readonly challenge: string;
  readonly rpId: string;
  readonly origins: readonly string[];
  readonly requireUserVerification: boolean;
  /** Nobody had said who they are: the authenticator does. */
  readonly requireUserHandle?: true;
}

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** @returns nothing where the text is not the one encoding of its bytes: two texts would be the same otherwise */
export function bytesOf(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : undefined;
}

export const digestOf = async (credentialId: string): Promise<string> =>
  base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(credentialId, 'base64url'))));

/**
 * Whether client data are those of a page of our own, on top of what the library looks at: made in no frame of another site
 * (`crossOrigin`, `topOrigin`), of which the library lets some pass.
 */
export function isOfOurPage(clientDataJSON: string): boolean {
  const bytes = bytesOf(clientDataJSON);
  if (!bytes) return false;
  try {
    const data: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof data !== 'object' || data === null) return false;
    const { crossOrigin, topOrigin } = data as Record<string, unknown>;
    return (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined;
  } catch {
    return false;
  }
}
