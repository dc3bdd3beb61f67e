/**
 * Scheme and authority in canonical form (RFC 3986 section 6.2): lower case, without the scheme's default port and without
 * the final dot of an absolute name.
 *
 * @param authority as `Host` has it
 * @returns nothing where it is no authority
 */
export function readHost(authority: string, scheme: 'http:' | 'https:'): string | undefined {
  const text = `${scheme}//${authority}`;
  if (authority === '' || /[/?#@\\\s]/.test(authority) || !URL.canParse(text)) return undefined;
  const { hostname, port } = new URL(text);
  return `${hostname.replace(/(?<=[^.])\.$/, '')}${port === '' ? '' : `:${port}`}`;
}

/**
 * One spelling for addresses that name the same issuer: scheme and host as above, no slash at the end.
 *
 * @returns the text itself where it is no address
 */
export function canonicalIssuer(issuer: string): string {
  if (!URL.canParse(issuer)) return issuer;
  const { protocol, host, pathname, search } = new URL(issuer);
  return `${protocol}//${host.replace(/\.(?=:|$)/, '')}${pathname.replace(/\/+$/, '')}${search}`;
}
