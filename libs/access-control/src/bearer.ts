/**
 * The token of `Authorization: Bearer` (RFC 6750 section 2.1), the scheme in any case and any number of spaces behind it
 * (RFC 9110 section 11.4); empty where none follows.
 *
 * @returns nothing for other schemes: they are meant for somebody else, such as a proxy that asks for a login of its own
 */
export function readBearer(authorization = ''): string | undefined {
  const match = /^bearer(?: +(.*))?$/i.exec(authorization.trim());
  return match ? (match[1] ?? '') : undefined;
}
