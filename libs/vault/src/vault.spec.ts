import { VaultUnavailable, type KeyRing, type RingRow } from './key-ring.ts';
import { generateMasterKeys, readMasterKeys, type MasterKeys } from './master-keys.ts';
import { loadSigner, SigningKeyMissing } from './signer.ts';
import { CannotOpen, Shredded, Vault } from './vault.ts';
import { createPublicKey, verify } from 'node:crypto';

class MemoryKeyRing implements KeyRing {
  readonly rows: RingRow[] = [];
  readonly #secrets = new Map<string, string>();
  async newest(subject: string, sealClass: string) {
    return this.rows.filter((row) => row.subject === subject && row.class === sealClass).at(-1);
  }
  async find(subject: string, sealClass: string, generation: number) {
    return this.rows.find(
      (row) => row.subject === subject && row.class === sealClass && row.generation === generation,
    );
  }
  async insertIfAbsent(row: RingRow) {
    const there = await this.find(row.subject, row.class, row.generation);
    if (!there) this.rows.push(row);
    return there ?? row;
  }
  async shred(subject: string, at: number) {
    this.rows.forEach((row, n) => {
      if (row.subject === subject) this.rows[n] = { ...row, wrapped: undefined, shreddedAt: at };
    });
  }
  async secretIfAbsent(name: string, sealed: string) {
    if (!this.#secrets.has(name)) this.#secrets.set(name, sealed);
    return this.#secrets.get(name)!;
  }
  async secret(name: string) {
    return this.#secrets.get(name);
  }
}

const masters = readMasterKeys(generateMasterKeys());
const ada = { domain: 'acme', user: 'ada' };
const bob = { domain: 'acme', user: 'bob' };
const place = { eventId: 'e-1', field: 'secret' };
const without = (...classes: string[]): MasterKeys =>
  new Map([...masters].filter(([name]) => !classes.includes(name)));

describe('the vault', () => {
  let ring: MemoryKeyRing;
  let vault: Vault;
  beforeEach(() => {
    ring = new MemoryKeyRing();
    vault = new Vault(ring, masters);
  });

  test('opens what it sealed, also after its keys were read again', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim ü', place);
    expect(sealed).toMatch(/^1\.[A-Za-z0-9_-]+$/);
    expect(await vault.open(ada, 'factor', sealed, place)).toBe('geheim ü');
    expect(await new Vault(ring, masters).open(ada, 'factor', sealed, place)).toBe('geheim ü');
  });

  test('seals the same text differently each time, and shows nothing of it', async () => {
    const [one, other] = [
      await vault.seal(ada, 'factor', 'geheim', place),
      await vault.seal(ada, 'factor', 'geheim', place),
    ];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(2), 'base64url').includes('geheim')).toBe(false);
  });

  test.each([
    ['another user', bob, 'factor', place],
    ['another domain', { domain: 'other', user: 'ada' }, 'factor', place],
    ['another class', ada, 'contact', place],
    ['another event', ada, 'factor', { ...place, eventId: 'e-2' }],
    ['another field', ada, 'factor', { ...place, field: 'name' }],
  ] as const)('opens nothing for %s', async (_, subject, sealClass, context) => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    await vault.seal(bob, 'factor', 'x', place);
    await vault.seal(ada, 'contact', 'x', place);
    await expect(vault.open(subject, sealClass, sealed, context)).rejects.toBeInstanceOf(CannotOpen);
  });

  test('opens nothing that was changed', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    const piece = Buffer.from(sealed.slice(2), 'base64url');
    for (let n = 0; n < piece.length; n++) {
      const changed = Buffer.from(piece);
      changed[n]! ^= 1;
      await expect(
        vault.open(ada, 'factor', `1.${changed.toString('base64url')}`, place),
      ).rejects.toBeInstanceOf(CannotOpen);
    }
    for (const nonsense of ['', '1.', '2.abc', 'x']) {
      await expect(vault.open(ada, 'factor', nonsense, place)).rejects.toBeInstanceOf(CannotOpen);
    }
  });

  test('opens nothing any more once the subject is shredded, and seals nothing either', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    await vault.shred(ada, 1);
    await expect(vault.open(ada, 'factor', sealed, place)).rejects.toBeInstanceOf(Shredded);
    await expect(vault.seal(ada, 'factor', 'geheim', place)).rejects.toBeInstanceOf(Shredded);
    expect(await vault.seal(bob, 'factor', 'x', place)).toBeDefined();
  });

  test('keeps no key that was on its way while its subject was shredded', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    const slow = new Vault(ring, masters);
    const { find, newest } = ring;
    for (const call of [
      () => slow.open(ada, 'factor', sealed, place),
      () => slow.seal(ada, 'factor', 'mehr', place),
    ]) {
      const whole = [...ring.rows];
      let arrive = () => undefined as void;
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const late = async (row: RingRow | undefined) => arrived.then(() => row);
      ring.find = async (...at) => late(await find.apply(ring, at));
      ring.newest = async (...at) => late(await newest.apply(ring, at));
      const underWay = call();
      await Promise.resolve();
      await slow.shred(ada, 1);
      arrive();
      await underWay; // it was asked for before
      Object.assign(ring, { find, newest });
      await expect(slow.open(ada, 'factor', sealed, place)).rejects.toBeInstanceOf(Shredded);
      await expect(slow.seal(ada, 'factor', 'x', place)).rejects.toBeInstanceOf(Shredded);
      ring.rows.splice(0, ring.rows.length, ...whole);
    }
  });

  test.each(['signing', '.signing-public', '.keyed-digest', '.canary'])(
    'shreds nothing of its own (%s)',
    async (domain) => {
      await expect(vault.shred({ domain }, 1)).rejects.toThrow('belong to nobody');
    },
  );

  test('does not seal before the key is durable', async () => {
    const broken = Object.assign(new MemoryKeyRing(), {
      insertIfAbsent: () => Promise.reject(new Error('disk full')),
    });
    await expect(new Vault(broken, masters).seal(ada, 'factor', 'x', place)).rejects.toBeInstanceOf(
      VaultUnavailable,
    );
  });

  test('cannot open a class whose master key is not given to it', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    await expect(
      new Vault(ring, without('factor')).open(ada, 'factor', sealed, place),
    ).rejects.toBeInstanceOf(CannotOpen);
  });

  test('opens under an old master key while the new one wraps what is new', async () => {
    const sealed = await vault.seal(ada, 'factor', 'geheim', place);
    const newer = generateMasterKeys().replaceAll('.1=', '.2=');
    const old = [...masters]
      .map(([name, [first]]) => `${name}.1=${first!.key.export().toString('base64url')}`)
      .join('\n');
    const rotated = new Vault(ring, readMasterKeys(`${old}\n${newer}`));
    expect(await rotated.open(ada, 'factor', sealed, place)).toBe('geheim');
    const sealedNow = await rotated.seal(bob, 'factor', 'neu', place);
    expect(await new Vault(ring, readMasterKeys(newer)).open(bob, 'factor', sealedNow, place)).toBe('neu');
  });
});

describe('the signer', () => {
  test('is the same one after a restart, and signs what its public key verifies', async () => {
    const ring = new MemoryKeyRing();
    const first = await loadSigner(new Vault(ring, masters), ring);
    const second = await loadSigner(new Vault(ring, masters), ring);
    expect(second.keyId).toBe(first.keyId);
    const [header, claims, signature] = (await first.sign('sparekey-result+jwt', { sub: 'ada' })).split('.');
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toEqual({
      alg: 'EdDSA',
      typ: 'sparekey-result+jwt',
      kid: first.keyId,
    });
    const key = createPublicKey({ key: second.publicJwk, format: 'jwk' });
    expect(verify(null, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature!, 'base64url'))).toBe(
      true,
    );
    expect(first.publicJwk).not.toHaveProperty('d');
  });

  test('is only the public half where the private key is not given, and waits for one that may make it', async () => {
    const ring = new MemoryKeyRing();
    const reader = new Vault(ring, without('signing'));
    await expect(loadSigner(reader, ring)).rejects.toBeInstanceOf(SigningKeyMissing);
    const signing = await loadSigner(new Vault(ring, masters), ring);
    const verifying = await loadSigner(reader, ring);
    expect(verifying.publicJwk).toEqual(signing.publicJwk);
    await expect(verifying.sign('sparekey-result+jwt', {})).rejects.toBeInstanceOf(CannotOpen);
  });

  test('is not believed where another public key was put into the ring', async () => {
    const ring = new MemoryKeyRing();
    await ring.secretIfAbsent('.signing-public', '1.Zm9yZ2Vk');
    await loadSigner(new Vault(ring, masters), ring);
    await expect(loadSigner(new Vault(ring, without('signing')), ring)).rejects.toBeInstanceOf(CannotOpen);
  });
});
