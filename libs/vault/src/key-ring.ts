/**
 * What a key protects. Each class has its own master key, given only to the services that open it.
 * `signing` holds private keys of Sparekey itself and belongs to no user.
 */
export const SEAL_CLASSES = [
  'contact',
  'factor',
  'codes',
  'password',
  'message',
  'context',
  'signing',
] as const;
export type SealClass = (typeof SEAL_CLASSES)[number];

/** One data key, wrapped under a master key; `wrapped` is gone once it is shredded. */
export interface RingRow {
  /** `{domain}.{user}`, or `{domain}`, or a name of Sparekey's own for `signing`. */
  readonly subject: string;
  readonly class: SealClass;
  /** From 1. */
  readonly generation: number;
  readonly wrapped: Uint8Array | undefined;
  /** Unix milliseconds. */
  readonly shreddedAt: number | undefined;
}

/**
 * The durable store of wrapped data keys, apart from the log and backed up apart. Every adapter passes
 * `keyRingContract`.
 */
export interface KeyRing {
  /** The newest generation, shredded or not. */
  newest(subject: string, sealClass: SealClass): Promise<RingRow | undefined>;
  find(subject: string, sealClass: SealClass, generation: number): Promise<RingRow | undefined>;
  /**
   * Adds the row unless its (subject, class, generation) is there already.
   * @returns the row that stands, durable: of two who add at once both get the same one
   */
  insertIfAbsent(row: RingRow): Promise<RingRow>;
  /** Destroys every key of the subject for good; durable when it resolves. Shredding twice keeps the first time. */
  shred(subject: string, at: number): Promise<void>;
  /**
   * Keeps a sealed secret of the installation itself under this name, unless one is there.
   * @returns the one that stands, durable
   */
  secretIfAbsent(name: string, sealed: string): Promise<string>;
  /** @returns the one that stands, or nothing */
  secret(name: string): Promise<string | undefined>;
}

/** The key ring could not serve the call; nothing was changed that the caller could rely on. */
export class VaultUnavailable extends Error {
  override readonly name = 'VaultUnavailable';

  constructor(options: { cause: unknown }) {
    super('the key ring is unavailable', options);
  }
}
