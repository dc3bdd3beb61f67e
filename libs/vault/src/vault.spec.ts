import { makeBearerToken, readBearerToken } from './bearer-tokens.ts';
import { VaultUnavailable, type KeyRing, type RingRow } from './key-ring.ts';
import {
  generateMasterKeys,
  generatePeppers,
  readMasterKeys,
  readPeppers,
  type MasterKeys,
  withHandleKeys,
} from './master-keys.ts';
import { Handles } from './handles.ts';
import { loadSigner, SigningKeyMissing } from './signer.ts';
import { SlowHash } from './slow-hash.ts';
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

describe('lists of keys', () => {
  const [key, other, third] = ['A', 'B', 'C'].map((letter) => `${letter}0`.repeat(21) + 'A') as [
    string,
    string,
    string,
  ];
  test.each([
    ['an entry without a key', 'factor.1='],
    ['a short key', 'factor.1=AAAA'],
    ['an unknown class', `other.1=${key}`],
    ['the same version twice', `factor.1=${key}, factor.1=${key}`],
    ['version 0', `factor.0=${key}`],
    ['a key of nothing but zeros', `factor.1=${'A'.repeat(43)}`],
    ['a key of one repeated byte', `factor.1=${Buffer.alloc(32, 7).toString('base64url')}`],
    ['one key for two classes', `factor.1=${key}, codes.1=${key}`],
    ['one key for two versions', `factor.1=${key}, factor.2=${key}`],
  ])('are refused for %s, without showing it', (_, text) => {
    expect(() => readMasterKeys(text)).toThrow(expect.objectContaining({ name: 'KeyListFault' }));
    expect(() => readMasterKeys(text)).not.toThrow(
      expect.objectContaining({ message: expect.stringContaining(key) }),
    );
  });

  test('put the newest version first', () => {
    expect(
      readPeppers(`pepper.1=${key} pepper.10=${other}\n# old\npepper.2=${third}`).map(
        ({ version }) => version,
      ),
    ).toEqual([10, 2, 1]);
    expect(() => readPeppers('')).toThrow(expect.objectContaining({ name: 'KeyListFault' }));
  });
});

describe('handles', () => {
  const handles = new Handles(masters);
  const handle = handles.seal('challenge', ['acme', 'ada', 'c-1']);

  test('open as what they were sealed for', () => {
    expect(handles.open('challenge', handle)).toEqual(['acme', 'ada', 'c-1']);
    expect(handle).toMatch(/^skc_1\./);
  });

  test('open as nothing else', () => {
    expect(handles.open('result-code', handle)).toBeUndefined();
    expect(handles.open('result-code', handle.replace('skc_', 'skr_'))).toBeUndefined();
    expect(handles.open('notice', handle.replace('skc_', 'skn_'))).toBeUndefined();
    expect(new Handles(readMasterKeys(generateMasterKeys())).open('challenge', handle)).toBeUndefined();
  });

  test.each([
    '',
    'skc_',
    'skc_1.',
    'skc_2.AAAA',
    `skc_1.${'A'.repeat(40)}`,
    'skc_.',
    '../../etc',
    'skc_1.%00',
  ])('are not %j', (text) => {
    expect(handles.open('challenge', text)).toBeUndefined();
  });

  test('are made only by who has the key of their kind', () => {
    const ofNotices = new Handles(new Map([['notice', masters.get('notice')!]]));
    expect(ofNotices.open('notice', ofNotices.seal('notice', ['acme']))).toEqual(['acme']);
    expect(() => ofNotices.seal('challenge', ['acme'])).toThrow('no master key of class challenge');
    expect(() => ofNotices.open('challenge', handle)).toThrow('no master key of class challenge');
  });

  test('are each sealed under a key of its own', () => {
    const salts = Array.from({ length: 100 }, () => handles.seal('challenge', ['c']).slice(6, 27));
    expect(new Set(salts).size).toBe(100);
    const other = handle[8] === 'A' ? 'B' : 'A'; // of the salt
    expect(handles.open('challenge', `${handle.slice(0, 8)}${other}${handle.slice(9)}`)).toBeUndefined();
  });

  test('keep to one key for all kinds where a list has one, which derives those of each', () => {
    const old = generateMasterKeys()
      .replaceAll(/^(browser|notice)\..*\n/gm, '')
      .replace('challenge.1', 'handle.1');
    expect(old).toMatch(/^handle\.1=[A-Za-z0-9_-]{43}$/m);
    const [once, again] = [
      new Handles(readMasterKeys(old)),
      new Handles(readMasterKeys(withHandleKeys(old))),
    ];
    expect(again.open('notice', once.seal('notice', ['acme']))).toEqual(['acme']);
    const keys = ['challenge', 'browser', 'notice'].map((name) =>
      readMasterKeys(old)
        .get(name as 'notice')![0]!
        .key.export()
        .toString('hex'),
    );
    expect(new Set(keys).size).toBe(3);
    const zero = old.replace(/^(handle\.1=).*$/m, `$1${'A'.repeat(43)}`);
    expect(() => readMasterKeys(zero)).toThrow('no random key');
  });

  test('have one spelling', () => {
    for (const other of [
      `${handle}=`,
      `${handle} `,
      handle.replace('.', '.='),
      `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`,
    ]) {
      expect(handles.open('challenge', other)).toBeUndefined();
    }
  });
});

describe('bearer tokens', () => {
  const { token, digest } = makeBearerToken('api-token', ['acme', 'id']);

  test('say where they belong, and are proven by their secret alone', () => {
    const presented = readBearerToken('api-token', token)!;
    expect(presented.fields).toEqual(['acme', 'id']);
    expect(presented.matches(digest)).toBe(true);
    expect(presented.matches(undefined)).toBe(false);
    expect(presented.matches(makeBearerToken('api-token', ['acme', 'id']).digest)).toBe(false);
  });

  test.each([
    '',
    'skt_',
    'skt_1.AAAA',
    token.replace('skt_', 'skp_'),
    `${token}A`,
    token.slice(0, -1),
    token.replace('.', ''),
  ])('are not %j', (text) => expect(readBearerToken('api-token', text)).toBeUndefined());
});

describe('slow hashes', () => {
  const peppers = readPeppers(generatePeppers());
  const hash = new SlowHash(peppers);
  const turn = { lane: 'answer', asker: 'ada' } as const;

  test('match their text and no other', async () => {
    const digest = await hash.digest('0123456789ABCDEF', 'ada');
    expect(await hash.matches('0123456789ABCDEF', digest, turn)).toBe(true);
    expect(await hash.matches('0123456789ABCDEG', digest, turn)).toBe(false);
    expect(await hash.matches('0123456789ABCDEF', undefined, turn)).toBe(false);
  });

  test('are salted, and peppered by what is not stored beside them', async () => {
    const [one, other] = [await hash.digest('x', 'ada'), await hash.digest('x', 'ada')];
    expect(one.hash).not.toBe(other.hash);
    expect(await new SlowHash(readPeppers(generatePeppers())).matches('x', one, turn)).toBe(false);
  });

  test('stay good under an old pepper while a newer one is used', async () => {
    const digest = await hash.digest('x', 'ada');
    const newer = readPeppers(generatePeppers().replace('pepper.1', 'pepper.2'));
    const both = new SlowHash([...newer, ...peppers]);
    expect(await both.matches('x', digest, turn)).toBe(true);
    expect((await both.digest('x', 'ada')).pepper).toBe(2);
  });

  test('of many at once all come right', async () => {
    const digests = await Promise.all(Array.from({ length: 12 }, (_, n) => hash.digest(String(n), 'ada')));
    const matched = await Promise.all(digests.map((digest, n) => hash.matches(String(n), digest, turn)));
    expect(matched.every(Boolean)).toBe(true);
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
