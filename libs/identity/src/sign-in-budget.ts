import { isIPv6 } from 'node:net';
import { refuse } from '@sparekey/contracts';
import type { Clock } from '@sparekey/event-sourcing';
import { LRUCache } from 'lru-cache';

/** Who tries. */
export interface Attempt {
  /** Keyed digest of the login, whether or not there is such an account. */
  readonly login: string;
  readonly ip: string;
  /** A browser in which this account has signed in before. */
  readonly knownBrowser?: string;
}

/** A try that was counted as a failure before it was looked at. */
export interface Reservation {
  /** It was none. */
  succeeded(): void;
}

interface Limit {
  /** Failures that cost nothing. */
  readonly after: number;
  /** Milliseconds to wait after the next, twice as long after each further one. */
  readonly wait: number;
  readonly longest: number;
}

const OF_LOGIN: Limit = { after: 10, wait: 30_000, longest: 900_000 };
const OF_ADDRESS: Limit = { after: 100, wait: 30_000, longest: 900_000 };
/** Without failures for so long, nothing is held against anybody. */
const FORGET_MS = 3_600_000;
const KEEP = 50_000;

interface Count {
  readonly failures: number;
  readonly until: number;
}

/**
 * The password step's budget: one for an account in browsers that it does not know, one for each browser that it knows,
 * one for each address prefix. Whoever guesses uses up the first and the last; the owner, in a browser of theirs, has a
 * budget that nobody else can touch. Behind a wait right and wrong look the same. Kept in memory, bounded.
 */
export class SignInBudget {
  readonly #counts = new LRUCache<string, Count>({ max: KEEP });

  constructor(private readonly clock: Clock) {}

  /** Counts a try before it is looked at. @throws Refusal `too-many-requests` with `retryAfter` (seconds) */
  take({ login, ip, knownBrowser }: Attempt): Reservation {
    const limits: [string, Limit][] =
      knownBrowser === undefined
        ? [
            [`login ${login}`, OF_LOGIN],
            [`address ${prefixOf(ip)}`, OF_ADDRESS],
          ]
        : [[`browser ${login} ${knownBrowser}`, OF_LOGIN]];
    const now = this.clock.now();
    const until = Math.max(...limits.map(([key]) => this.#counts.get(key)?.until ?? 0));
    if (until > now) throw refuse('too-many-requests', { retryAfter: Math.ceil((until - now) / 1_000) });
    for (const [key, limit] of limits) this.#count(key, limit, now);
    return {
      succeeded: () => {
        this.#counts.delete(limits[0]![0]); // of this login or browser all is well; of the address one less is held
        const [address] = limits[1] ?? [];
        const count = address === undefined ? undefined : this.#counts.get(address);
        if (count) this.#keep(address!, { failures: count.failures - 1, until: 0 });
      },
    };
  }

  #count(key: string, { after, wait, longest }: Limit, now: number): void {
    const failures = (this.#counts.get(key)?.failures ?? 0) + 1;
    const until = failures < after ? 0 : now + Math.min(wait * 2 ** (failures - after), longest);
    this.#keep(key, { failures, until });
  }

  #keep(key: string, count: Count): void {
    this.#counts.set(key, count, { ttl: FORGET_MS });
  }
}

/** Neighbours share a budget: an IPv6 subscriber has a /64 at least, an IPv4 one an address. */
function prefixOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = ip.split('::');
  const front = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - front.length - (tail === '' ? 0 : tail.split(':').length);
  return [...front, ...Array.from({ length: missing }, () => '0')].slice(0, 4).join(':');
}
