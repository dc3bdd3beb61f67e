import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { FairTurns } from './fair-turns.ts';
import type { KeyVersions } from './master-keys.ts';

/** What is kept of a code or answer; sealed before it stands anywhere. */
export interface SlowDigest {
  /** Version of the pepper. */
  readonly pepper: number;
  /** base64url, 16 bytes. */
  readonly salt: string;
  /** base64url, 32 bytes. */
  readonly hash: string;
}

/** For what a hash is made. None of these waits for more than its share of the others. */
export type HashingLane =
  /** A password, where this account has signed in before. */
  | 'known-browser'
  /** A password, anywhere else. */
  | 'sign-in'
  /** A recovery code that answers a challenge. */
  | 'answer'
  /** A new password or set of recovery codes. */
  | 'new-secret';

/** Who waits for a hash: those who ask take turns. */
export interface Turn {
  readonly lane: HashingLane;
  /** A person, a service, an address: whoever is to wait for themselves. */
  readonly asker: string;
}

// OWASP ASVS 5.0 appendix C: argon2id with m = 19 MiB needs t = 2, p = 1.
const COST = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 } as const;
const SALT = 16;
/** A core is left to everything else that the process does: under a flood of passwords, too, it answers. */
const AT_ONCE = Math.max(1, availableParallelism() - 1);
const MOST_WAITING = 200;

const derive = promisify(argon2);

/**
 * Argon2id under a pepper that lives outside the store. One hash at a time for each core but one; the rest wait in turn, a bounded
 * number, so that a flood costs whoever makes it time, and nobody memory.
 */
export class SlowHash {
  readonly #peppers: KeyVersions;
  readonly #turns = new FairTurns<HashingLane>(AT_ONCE, MOST_WAITING);

  constructor(peppers: KeyVersions) {
    this.#peppers = peppers;
  }

  /** @throws TooManyWaiting */
  async digest(text: string, asker: string): Promise<SlowDigest> {
    const pepper = this.#peppers[0]!;
    const salt = randomBytes(SALT);
    const hash = await this.#hash(text, salt, pepper.version, { lane: 'new-secret', asker });
    return { pepper: pepper.version, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
  }

  /**
   * Compares in constant time. Without a digest it costs the same and says no, so that nothing can be learned from
   * how long an answer takes.
   *
   * @throws TooManyWaiting
   */
  async matches(text: string, digest: SlowDigest | undefined, turn: Turn): Promise<boolean> {
    const salt = digest ? Buffer.from(digest.salt, 'base64url') : randomBytes(SALT);
    const hash = await this.#hash(text, salt, digest?.pepper ?? this.#peppers[0]!.version, turn);
    return digest !== undefined && timingSafeEqual(hash, Buffer.from(digest.hash, 'base64url'));
  }

  async #hash(text: string, salt: Uint8Array, version: number, { lane, asker }: Turn): Promise<Buffer> {
    const pepper = this.#peppers.find((candidate) => candidate.version === version);
    if (!pepper) throw new Error(`pepper ${version} is missing from the list`);
    return this.#turns.run(lane, asker, () =>
      derive('argon2id', { ...COST, message: text, nonce: salt, secret: pepper.key.export() }),
    );
  }
}
