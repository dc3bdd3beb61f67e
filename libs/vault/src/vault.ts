import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { decrypt, encrypt } from './aead.ts';
import { VaultUnavailable, type KeyRing, type RingRow, type SealClass } from './key-ring.ts';
import type { MasterKeys } from './master-keys.ts';

/** Whose data it is. Without a user it is the domain's own. */
export interface Subject {
  readonly domain: string;
  readonly user?: string;
}

/** Where the sealed value stands: moved to another event or field it does not open. */
export interface SealContext {
  readonly eventId: string;
  readonly field: string;
}

/** The subject's keys are destroyed: what was sealed is gone for ever. */
export class Shredded extends Error {
  override readonly name = 'Shredded';
}

/** The value was not sealed by this vault for this place, or its master key is not given to this process. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** Half of the minute that is promised: what is stale is swept as often again. */
const KEEP_MS = 30_000;
const KEEP = 10_000;

/** Under which the installation's signing key stands. No domain may be called so: its keys would go with the domain's. */
export const OWN_SUBJECT = 'signing';

/**
 * Seals personal data and secrets so that they can be erased from a log that is never rewritten: one data key for each
 * subject and class, AES-256-GCM, kept wrapped in the key ring. A key is durable before anything sealed with it is
 * returned. Opened keys are kept for at most a minute.
 */
export class Vault {
  readonly #ring: KeyRing;
  readonly #masters: MasterKeys;
  #lacking = 0;
  /** Shreddings so far: a key that was on its way meanwhile is not kept. */
  #shreddings = 0;
  readonly #opened = new LRUCache<string, { generation: number; key: KeyObject }>({
    max: KEEP,
    ttl: KEEP_MS,
  });

  constructor(ring: KeyRing, masters: MasterKeys) {
    this.#ring = ring;
    this.#masters = masters;
    setInterval(() => this.#opened.purgeStale(), KEEP_MS).unref(); // what is stale is not left in memory either
  }

  /** How many keys were asked for that the ring does not have: one is enough to know that it is not the log's. */
  get lacking(): number {
    return this.#lacking;
  }

  /** Whether this process was given a master key of the class. */
  holds(sealClass: SealClass): boolean {
    return (this.#masters.get(sealClass) ?? []).length > 0;
  }

  /**
   * @returns text that may stand in an event
   * @throws Shredded where the subject was erased
   * @throws VaultUnavailable
   */
  async seal(
    subject: Subject,
    sealClass: SealClass,
    plaintext: string,
    context: SealContext,
  ): Promise<string> {
    const { generation, key } = await this.#newestKey(nameOf(subject), sealClass);
    const piece = encrypt(key, Buffer.from(plaintext, 'utf8'), associated(subject, sealClass, context));
    return `${generation}.${piece.toString('base64url')}`;
  }

  /**
   * @throws Shredded where the subject was erased
   * @throws CannotOpen where it was not sealed for this place
   * @throws VaultUnavailable
   */
  async open(subject: Subject, sealClass: SealClass, sealed: string, context: SealContext): Promise<string> {
    const dot = sealed.indexOf('.');
    const key = await this.#key(nameOf(subject), sealClass, Number(sealed.slice(0, dot)));
    const piece = Buffer.from(sealed.slice(dot + 1), 'base64url');
    const plaintext = decrypt(key, piece, associated(subject, sealClass, context));
    if (!plaintext) throw new CannotOpen('not sealed for this place');
    return plaintext.toString('utf8');
  }

  /**
   * Destroys the subject's keys, here and in the ring. Other processes forget theirs within a minute.
   *
   * @throws Error for what is the installation's own: without it nothing starts any more
   */
  async shred(subject: Subject, at: number): Promise<void> {
    const name = nameOf(subject);
    if (name === OWN_SUBJECT || name.startsWith('.')) throw new Error('these keys belong to nobody');
    await this.#reach(() => this.#ring.shred(name, at));
    this.#shreddings++;
    for (const kept of this.#opened.keys()) {
      if (kept.startsWith(`${name} `)) this.#opened.delete(kept);
    }
  }

  async #newestKey(subject: string, sealClass: SealClass): Promise<{ generation: number; key: KeyObject }> {
    const newest = `${subject} ${sealClass}`;
    const kept = this.#opened.get(newest);
    if (kept) return kept;
    const shreddings = this.#shreddings;
    const row =
      (await this.#reach(() => this.#ring.newest(subject, sealClass))) ??
      (await this.#create(subject, sealClass));
    const opened = { generation: row.generation, key: this.#unwrap(row) };
    if (shreddings === this.#shreddings) this.#opened.set(newest, opened);
    return opened;
  }

  async #key(subject: string, sealClass: SealClass, generation: number): Promise<KeyObject> {
    const name = `${subject} ${sealClass} ${generation}`;
    const kept = this.#opened.get(name);
    if (kept) return kept.key;
    const shreddings = this.#shreddings;
    const row = await this.#reach(() => this.#ring.find(subject, sealClass, generation));
    if (!row) {
      this.#lacking++;
      throw new CannotOpen('the key ring has no such key');
    }
    const key = this.#unwrap(row);
    if (shreddings === this.#shreddings) this.#opened.set(name, { generation, key });
    return key;
  }

  #create(subject: string, sealClass: SealClass): Promise<RingRow> {
    const [master] = this.#masters.get(sealClass) ?? [];
    if (!master) throw new CannotOpen(`no master key for class ${sealClass}`);
    const row = { subject, class: sealClass, generation: 1, shreddedAt: undefined };
    const body = encrypt(master.key, randomBytes(32), wrapContext(row));
    const version = Buffer.alloc(2);
    version.writeUInt16BE(master.version);
    return this.#reach(() => this.#ring.insertIfAbsent({ ...row, wrapped: Buffer.concat([version, body]) }));
  }

  #unwrap(row: RingRow): KeyObject {
    if (!row.wrapped) throw new Shredded('the keys are destroyed');
    const wrapped = Buffer.from(row.wrapped);
    const master = this.#masters.get(row.class)?.find(({ version }) => version === wrapped.readUInt16BE(0));
    if (!master)
      throw new CannotOpen(`no master key for class ${row.class} of version ${wrapped.readUInt16BE(0)}`);
    const key = decrypt(master.key, wrapped.subarray(2), wrapContext(row));
    if (!key) throw new CannotOpen('the master key does not fit');
    return createSecretKey(key);
  }

  async #reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      throw new VaultUnavailable({ cause });
    }
  }
}

const nameOf = ({ domain, user }: Subject) => (user === undefined ? domain : `${domain}.${user}`);

function associated(
  { domain, user = '' }: Subject,
  sealClass: SealClass,
  { eventId, field }: SealContext,
): Buffer {
  return Buffer.from(JSON.stringify([sealClass, domain, user, eventId, field]), 'utf8');
}

function wrapContext({
  subject,
  class: sealClass,
  generation,
}: Pick<RingRow, 'subject' | 'class' | 'generation'>): Buffer {
  return Buffer.from(JSON.stringify([subject, sealClass, generation]), 'utf8');
}
