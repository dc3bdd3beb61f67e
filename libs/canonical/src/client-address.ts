import ipaddr from 'ipaddr.js';

/** What a request says about where it comes from. */
export interface Hops {
  /** Address of the connection's other end. */
  readonly peer: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Which header the trusted proxies write. `either`: X-Forwarded-For where there is one, else Forwarded. */
export type ForwardedHeader = 'either' | 'x-forwarded-for' | 'forwarded';

/** Longer chains are not walked to their end. */
const MOST_HOPS = 32;
const NOWHERE = '0.0.0.0';

/**
 * An IP address in the form that everything else compares: without port, brackets, quotes and zone, IPv6 compressed in
 * lower case (RFC 5952), an IPv4 address in IPv6 as IPv4.
 *
 * @returns nothing where the text names no address: `unknown`, an obfuscated identifier (RFC 7239 section 6.3), a
 * shortened or octal form, which different readers take for different addresses
 */
export function readAddress(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return text; // it has one form, and most are so
  const bare = text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  const [, bracketed, plain] = /^\[([^\]]+)\](?::[\w.-]+)?$|^([^[\]]+)$/.exec(bare) ?? [];
  const withoutPort = plain?.replace(/^([^:]+):[\w.-]+$/, '$1');
  const address = (bracketed ?? withoutPort ?? '').replace(/%[^%]*$/, '').trim();
  const isFull = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isFull ? ipaddr.process(address).toString() : undefined;
}

/** Whether an address belongs to one of these ranges. */
export type InRanges = (address: string) => boolean;

/** @param ranges addresses or CIDR ranges, as the configuration has checked them */
export function inRanges(ranges: readonly string[]): InRanges {
  const parsed = ranges.map((range): [ipaddr.IPv4 | ipaddr.IPv6, number] => {
    if (range.includes('/')) return ipaddr.parseCIDR(range);
    const address = ipaddr.process(range);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
  return (text) => {
    const address = ipaddr.process(text);
    return parsed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
  };
}

/**
 * The address of whoever asks: the last one before the proxies that are trusted, as the nearest of them said it. Where a
 * trusted proxy names no address, its own counts, so that nobody is refused and nobody evades a budget by it.
 */
export function clientAddress({ peer, headers }: Hops, isTrusted: InRanges, header: ForwardedHeader): string {
  let nearest = readAddress(peer ?? '') ?? NOWHERE;
  if (!isTrusted(nearest)) return nearest;
  for (const said of forwardedFor(headers, header)) {
    const address = readAddress(said);
    if (address === undefined) return nearest;
    if (!isTrusted(address)) return address;
    nearest = address;
  }
  return nearest;
}

/** What the proxies said, the nearest first. */
function forwardedFor(headers: Hops['headers'], header: ForwardedHeader): string[] {
  const text = (name: string) => [headers[name] ?? []].flat().join(',');
  const [listed, forwarded] = [text('x-forwarded-for'), text('forwarded')];
  const chain =
    header === 'forwarded' || (header === 'either' && listed.trim() === '')
      ? forOf(forwarded)
      : listed.split(',').filter((member) => member.trim() !== '');
  return chain.toReversed().slice(0, MOST_HOPS);
}

/** A part of a list whose members are parted by this character, outside of quoted strings. */
const partedBy = (character: ',' | ';') => new RegExp(`(?:"(?:\\\\.|[^"\\\\])*"|[^${character}"])+`, 'g');
const [ELEMENT, PAIR] = [partedBy(','), partedBy(';')];

/** What the elements of `Forwarded` (RFC 7239 section 4) say in `for`; an element that says it twice says nothing. */
function forOf(forwarded: string): string[] {
  const elements = (forwarded.match(ELEMENT) ?? []).filter((element) => element.trim() !== '');
  return elements.map((element) => {
    const pairs = (element.match(PAIR) ?? []).map((pair) => /^\s*for\s*=(.*)$/is.exec(pair)?.[1]);
    const [node = 'unknown', ...more] = pairs.filter((value) => value !== undefined);
    return more.length > 0 ? 'unknown' : node.replaceAll(/\\(.)/g, '$1');
  });
}

/** Neighbours share a budget: an IPv6 subscriber has a /64 at least (RFC 6177), an IPv4 one an address. */
export function addressPrefix(address: string): string {
  const parsed = ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
  if (parsed instanceof ipaddr.IPv6)
    return `${parsed.parts
      .slice(0, 4)
      .map((part) => part.toString(16))
      .join(':')}::/64`;
  return parsed?.toString() ?? address;
}
