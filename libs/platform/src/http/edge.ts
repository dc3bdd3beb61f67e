import { clientAddress, inRanges, readHost } from '@sparekey/canonical';
import { isLoopback, type Configuration } from '../configuration.ts';

/** What is read of a request here. */
interface Asked {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** From which address a request comes: the connection's, or what the trusted proxies say. Always an IP address. */
export type AddressOf = (request: Asked) => string;

export function addressReader({
  trustedProxies,
  forwardedHeader,
}: Pick<Configuration, 'trustedProxies' | 'forwardedHeader'>): AddressOf {
  const isTrusted = inRanges(trustedProxies);
  /** Each request is asked about several times. */
  const known = new WeakMap<Asked['headers'], string>();
  return ({ headers, socket }) => {
    const address =
      known.get(headers) ??
      clientAddress({ peer: socket.remoteAddress, headers }, isTrusted, forwardedHeader);
    known.set(headers, address);
    return address;
  };
}

/** More of them nobody needs, and nobody fills the memory with. */
const KNOWN_SPELLINGS = 64;

/** Probes ask by address or by a name of their own, and are told nothing that is secret. */
const ANSWERS_ANY_HOST = /^\/(health\/(live|ready)|metrics)(\?|$)/;

/** Whether a request is meant for this installation: by one of these addresses in any spelling, or from this machine. */
export function hostGuard(
  ...addresses: readonly string[]
): (request: { readonly url?: string; readonly headers: { readonly host?: string } }) => boolean {
  const own = addresses.map((address) => new URL(address));
  const names = new Set(own.map(({ protocol, host }) => readHost(host, protocol as 'http:')));
  const schemes = [...new Set(own.map(({ protocol }) => protocol as 'http:' | 'https:'))];
  const isOurs = (host: string) =>
    schemes.some((scheme) => {
      const name = readHost(host, scheme);
      return name !== undefined && (names.has(name) || isLoopback(new URL(`${scheme}//${name}`).hostname));
    });
  /** As they were spelt: nearly every request spells it as the one before. */
  const known = new Set<string>();
  return ({ url = '', headers: { host = '' } }) => {
    if (known.has(host) || ANSWERS_ANY_HOST.test(url)) return true;
    if (!isOurs(host)) return false;
    if (known.size < KNOWN_SPELLINGS) known.add(host);
    return true;
  };
}

/** What no answer lacks. */
export const edgeHeaders = (publicUrl: string): Readonly<Record<string, string>> => ({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // RFC 6797, for a year: the host alone, what else is under its name is not ours
  ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
});
