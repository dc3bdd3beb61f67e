import { lookup } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { inRanges } from '@sparekey/canonical';
import ipaddr from 'ipaddr.js';

/** The address must not be asked: not https, or not out in the open. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** IPv4-compatible IPv6 addresses (RFC 4291 section 2.5.5.1): some systems still reach the IPv4 address in them. */
const isCompatible = inRanges(['::/96']);

/** It was asked, and said more than is read. */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

const LIMIT_BYTES = 65_536;
const LIMIT_MS = 5_000;

export interface GuardOptions {
  /** For installations that are themselves on loopback: http and addresses of this machine too. */
  readonly allowLoopback: boolean;
  /** Private networks that may be asked all the same: addresses and ranges. */
  readonly allowNetworks: readonly string[];
}

/** `fetch`, and the judgement that it makes of each address before it connects. */
export interface GuardedFetch {
  readonly fetch: typeof globalThis.fetch;
  /**
   * Judges where an address leads today. A name that leads nowhere yet passes: it is judged again when it is asked.
   *
   * @returns why it would not be asked
   */
  judge(url: string): Promise<string | undefined>;
}

/** Injection token of a {@link createGuardedFetch}. */
export const OUTBOUND = Symbol('Outbound');

/**
 * `fetch` for addresses that others name: https, no private ranges but those that the operator lists (judged on the very
 * address that is connected to, so that a name cannot point elsewhere a moment later), no redirects, at most 64 KiB as
 * unpacked, at most 5 s.
 */
export function createGuardedFetch({ allowLoopback, allowNetworks }: GuardOptions): GuardedFetch {
  const isAllowed = inRanges(allowNetworks);
  const refuses = (address: string): boolean => {
    const range = ipaddr.process(address).range();
    if (range === 'unicast' && !isCompatible(address)) return false;
    return !(allowLoopback && range === 'loopback') && !isAllowed(address);
  };
  const refusal = (host: string) =>
    new AddressRefused(`${host} is in a private network that SPAREKEY_PROVIDER_NETWORKS does not list`);
  const connectLookup: LookupFunction = (hostname, options, done) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found];
      if (!error && addresses.some(refuses)) done(refusal(hostname), '', 4);
      else done(error, found, family);
    });
  const load = async () => {
    const { Agent, fetch } = await import('undici'); // ten megabytes that an installation without providers need not have
    const connect = { lookup: connectLookup, timeout: LIMIT_MS };
    return { fetch, dispatcher: new Agent({ connect, maxResponseSize: LIMIT_BYTES }) };
  };
  let loaded: ReturnType<typeof load> | undefined;
  /** @returns the host, where the address may be asked as far as it tells by itself @throws AddressRefused */
  const check = (url: URL): string => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const plain = allowLoopback && url.protocol === 'http:';
    if (url.protocol !== 'https:' && !plain) throw new AddressRefused('only https is asked');
    if (isIP(host) && refuses(host)) throw refusal(host);
    return host;
  };
  return {
    fetch: async (input: string | URL | { url: string }, init: RequestInit = {}) => {
      const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
      check(url);
      const signal = AbortSignal.any([...(init.signal ? [init.signal] : []), AbortSignal.timeout(LIMIT_MS)]);
      const { fetch, dispatcher } = await (loaded ??= load());
      const options = { ...(init as object), redirect: 'error', signal, dispatcher } as const;
      const { body, status, statusText, headers } = await fetch(url, options);
      const answer = body && (body as ReadableStream<Uint8Array>).pipeThrough(atMost(LIMIT_BYTES));
      return new Response(answer, { status, statusText, headers: [...headers] });
    },
    judge: async (url) => {
      try {
        const host = check(new URL(url));
        if (isIP(host)) return undefined;
        const found = await resolve(host, { all: true }).catch(() => []); // it leads nowhere yet
        return found.some(({ address }) => refuses(address)) ? refusal(host).message : undefined;
      } catch (error) {
        if (error instanceof AddressRefused) return error.message;
        throw error;
      }
    },
  };
}

/** Counts what comes out, and not what came over the wire: a few hundred bytes unpack to hundreds of megabytes. */
function atMost(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(part, controller) {
      length += part.byteLength;
      if (length > limit) controller.error(new AnswerTooLong(`the answer is longer than ${limit} bytes`));
      else controller.enqueue(part);
    },
  });
}
