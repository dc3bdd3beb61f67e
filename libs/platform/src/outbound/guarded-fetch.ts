import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address must not be asked: not https, or not out in the open. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

const LIMIT_BYTES = 65_536;
const LIMIT_MS = 5_000;

export interface GuardOptions {
  /** For installations that are themselves on loopback: http and addresses of this machine too. */
  readonly allowLoopback: boolean;
}

/** Injection token of a {@link createGuardedFetch}. */
export const OUTBOUND_FETCH = Symbol('OutboundFetch');

/**
 * `fetch` for addresses that others name: https, no private ranges (judged on the very address that is connected to, so
 * that a name cannot point elsewhere a moment later), no redirects, at most 64 KiB, at most 5 s.
 */
export function createGuardedFetch({ allowLoopback }: GuardOptions): typeof globalThis.fetch {
  const refuses = (address: string): boolean => {
    const range = ipaddr.process(address).range();
    return range !== 'unicast' && !(allowLoopback && range === 'loopback');
  };
  const connectLookup: LookupFunction = (hostname, options, done) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (!error && addresses.some(refuses)) {
        done(new AddressRefused(`${hostname} is not out in the open`), '', 4);
      } else done(error, found, family);
    });
  const load = async () => {
    const { Agent, fetch } = await import('undici'); // ten megabytes that an installation without providers need not have
    const connect = { lookup: connectLookup, timeout: LIMIT_MS };
    return { fetch, dispatcher: new Agent({ connect, maxResponseSize: LIMIT_BYTES }) };
  };
  let loaded: ReturnType<typeof load> | undefined;
  const guarded = async (input: string | URL | { url: string }, init: RequestInit = {}) => {
    const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const plain = allowLoopback && url.protocol === 'http:';
    if (url.protocol !== 'https:' && !plain) throw new AddressRefused('only https is asked');
    if (isIP(host) && refuses(host)) throw new AddressRefused(`${host} is not out in the open`);
    const signal = AbortSignal.any([...(init.signal ? [init.signal] : []), AbortSignal.timeout(LIMIT_MS)]);
    const { fetch, dispatcher } = await (loaded ??= load());
    return fetch(url, { ...(init as object), redirect: 'error', signal, dispatcher });
  };
  return guarded;
}
