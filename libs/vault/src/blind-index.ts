import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';
import type { Vault } from './vault.ts';

/** No name of a domain, so that erasing a domain never takes it along. */
const NAME = '.keyed-digest';
const SUBJECT = { domain: NAME } as const;

/**
 * HMAC-SHA-256 under a key of the installation: finds what is known under a name without keeping the name. The key
 * never changes, because what was found once must be found again; it stands in the key ring, wrapped like any other.
 */
export class BlindIndex {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @returns 64 hexadecimal digits; the parts are kept apart, whatever stands in them */
  of(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('hex');
  }
}

/** The installation's digest key out of the key ring, made at the first start. */
export async function loadBlindIndex(vault: Vault, ring: KeyRing): Promise<BlindIndex> {
  const fresh = randomBytes(32).toString('base64url');
  const context = { eventId: 'keyed-digest', field: 'key' };
  const stored = await ring.secretIfAbsent(NAME, await vault.seal(SUBJECT, 'contact', fresh, context));
  const key = await vault.open(SUBJECT, 'contact', stored, context);
  return new BlindIndex(createSecretKey(key, 'base64url'));
}
