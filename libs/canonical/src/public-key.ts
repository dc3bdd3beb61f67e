/** Members of private keys (RFC 7518 sections 6.2.2, 6.3.2, 6.4.1; RFC 8037 section 2). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * A public JWK as every JOSE library exports it: of its members those that are asked for, and unknown ones ignored (RFC
 * 7517 section 4). Members of a private key stay, so that whoever checks the fields refuses them by name.
 */
export function readPublicKey(given: unknown, members: readonly string[]): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const kept = Object.entries(given).filter(([name]) => members.includes(name) || PRIVATE.includes(name));
  return Object.fromEntries(kept);
}
