/**
 * Scheme and authority of the address that a service was given, in the spelling in which Sparekey says it: in lower case,
 * without the default port and without a slash at the end.
 *
 * @throws TypeError where it is no http address, or has a path, a query or a fragment: Sparekey stands at the root
 */
export function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRoot = url?.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!url || !isRoot || !/^https?:$/.test(url.protocol))
    throw new TypeError(
      `the address of Sparekey has no path, such as https://sparekey.example.org; it is ${text}`,
    );
  return url.origin;
}
