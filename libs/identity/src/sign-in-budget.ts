import { addressPrefix } from '@sparekey/canonical';
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
  /** It was not looked at. */
  withdraw(): void;
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

const counts = () => new LRUCache<string, Count>({ max: KEEP, ttl: FORGET_MS });
/** Where it is counted, under which key, how much is let through. */
type Held = readonly [LRUCache<string, Count>, string, Limit];

/**
 * The password step's budget: one for an account in browsers that it does not know, one for each browser that it knows,
 * one for each address prefix. Whoever guesses uses up the first and the last; the owner, in a browser of theirs, has a
 * budget that nobody else can touch. Behind a wait right and wrong look the same. Kept in memory, bounded.
 */
export class SignInBudget {
  /** Apart, so that made-up logins or addresses push nothing else out. */
  readonly #logins = counts();
  readonly #browsers = counts();
  readonly #addresses = counts();

  constructor(private readonly clock: Clock) {}

  /** Counts a try before it is looked at. @throws Refusal `too-many-requests` with `retryAfter` (seconds) */
  take({ login, ip, knownBrowser }: Attempt): Reservation {
    if (knownBrowser !== undefined)
      return this.#reserve([[this.#browsers, `${login} ${knownBrowser}`, OF_LOGIN]]);
    const address: Held = [this.#addresses, addressPrefix(ip), OF_ADDRESS];
    return this.#reserve([[this.#logins, login, OF_LOGIN], address]);
  }

  /** The same where nobody says yet who they are. @throws Refusal `too-many-requests` */
  takeFrom(ip: string): Reservation {
    return this.#reserve([[this.#addresses, addressPrefix(ip), OF_ADDRESS]]);
  }

  #reserve(held: readonly Held[]): Reservation {
    const now = this.clock.now();
    const until = Math.max(...held.map(([kept, key]) => kept.get(key)?.until ?? 0));
    if (until > now) throw refuse('too-many-requests', { retryAfter: Math.ceil((until - now) / 1_000) });
    const before = held.map(([kept, key]) => kept.get(key)?.until ?? 0);
    for (const [kept, key, { after, wait, longest }] of held) {
      const failures = (kept.get(key)?.failures ?? 0) + 1;
      const next = failures < after ? 0 : now + Math.min(wait * 2 ** (failures - after), longest);
      kept.set(key, { failures, until: next });
    }
    const set = held.map(([kept, key]) => kept.get(key)!.until);
    const giveBack = ([kept, key]: Held) => {
      const count = kept.get(key);
      if (!count) return; // it was cleared meanwhile
      const nth = held.findIndex((one) => one[0] === kept);
      const own = count.until === set[nth]; // the wait that this one set, and nobody made longer
      kept.set(key, { failures: Math.max(0, count.failures - 1), until: own ? before[nth]! : count.until });
    };
    return {
      withdraw: () => held.forEach(giveBack),
      succeeded: () => {
        // of this login or browser all is well; of an address, which others share, one failure less is held
        for (const one of held) {
          if (one[0] === this.#addresses) giveBack(one);
          else one[0].delete(one[1]);
        }
      },
    };
  }
}
