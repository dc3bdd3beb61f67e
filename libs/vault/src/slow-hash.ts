import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
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

/** More hashes are asked for than can be made in time. */
export class HashingBusy extends Error {
  override readonly name = 'HashingBusy';
}

// OWASP ASVS 5.0 appendix C: argon2id with m = 19 MiB needs t = 2, p = 1.
const COST = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 } as const;
const SALT = 16;
const AT_ONCE = availableParallelism();
const QUEUE = 2_000;

const derive = promisify(argon2);

/**
 * Argon2id under a pepper that lives outside the store. One hash at a time for each core, the rest in a bounded queue,
 * so that a flood of guesses costs time and not memory.
 */
export class SlowHash {
  readonly #peppers: KeyVersions;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(peppers: KeyVersions) {
    this.#peppers = peppers;
  }

  /** @throws HashingBusy */
  async digest(text: string): Promise<SlowDigest> {
    const pepper = this.#peppers[0]!;
    const salt = randomBytes(SALT);
    const hash = await this.#hash(text, salt, pepper.version);
    return { pepper: pepper.version, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
  }

  /**
   * Compares in constant time. Without a digest it costs the same and says no, so that nothing can be learned from
   * how long an answer takes.
   *
   * @param queue how many may wait before this one gives up
   * @throws HashingBusy
   */
  async matches(text: string, digest: SlowDigest | undefined, queue = QUEUE): Promise<boolean> {
    const salt = digest ? Buffer.from(digest.salt, 'base64url') : randomBytes(SALT);
    const hash = await this.#hash(text, salt, digest?.pepper ?? this.#peppers[0]!.version, queue);
    return digest !== undefined && timingSafeEqual(hash, Buffer.from(digest.hash, 'base64url'));
  }

  async #hash(text: string, salt: Uint8Array, version: number, queue = QUEUE): Promise<Buffer> {
    const pepper = this.#peppers.find((candidate) => candidate.version === version);
    if (!pepper) throw new Error(`pepper ${version} is missing from the list`);
    await this.#turn(queue);
    try {
      return await derive('argon2id', { ...COST, message: text, nonce: salt, secret: pepper.key.export() });
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#running--;
    }
  }

  /** Resolves with a place among those running, which the one before may hand over. */
  async #turn(most: number): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running++;
      return;
    }
    if (this.#queue.length >= most) throw new HashingBusy('too many codes are waiting to be checked');
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }
}
