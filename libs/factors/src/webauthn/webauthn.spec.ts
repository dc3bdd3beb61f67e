import { randomBytes } from 'node:crypto';
import type { Checked, CheckInput, Confirmed } from '../factor-kind.ts';
import { FLAG, type Algorithm, type AuthenticatorInput, type Wishes } from '../testing/authenticator.ts';
import {
  ADA,
  begin,
  confirm,
  enrolled,
  handleOf,
  make,
  MODEL,
  NOW,
  ORIGIN,
  relyingParty,
  SETTINGS,
} from '../testing/enrolling.ts';
import type { AuthenticationResponse } from './credential.ts';
import { isDerSignature } from './der.ts';
import { webauthnKind } from './kind.ts';
import { relyingPartyFaults, relyingPartyOf } from './relying-party.ts';

type Kept = Extract<Confirmed, { outcome: 'accepted' }>;

/** An authenticator that is enrolled, and a ceremony that asks for it. */
async function asked(input: Partial<AuthenticatorInput> = {}, settings = SETTINGS) {
  const key = make(input);
  const kept = (await enrolled(key)) as Kept;
  expect(kept.outcome).toBe('accepted');
  const held = [{ parameters: kept.parameters!, secret: kept.secret }];
  const prepare = async (of = settings, whose = held) => {
    const { shown, expected } = await webauthnKind.preparation.prepare({
      relyingParty,
      settings: of,
      held: whose,
      randomBytes: randomBytes(32),
    });
    return { options: shown as unknown as { challenge: string; rpId: string }, expected };
  };
  const { options, expected } = await prepare();
  const through = 'through' in kept.consumes ? kept.consumes.through : undefined;
  const check = (credential: AuthenticationResponse, other: Partial<CheckInput> = {}) =>
    webauthnKind.check({
      settings,
      parameters: kept.parameters!,
      secret: kept.secret,
      answer: { credential },
      expected,
      consumed: through === undefined ? {} : { through },
      now: NOW,
      ...other,
      userHandle: other.userHandle ?? ADA.userHandle,
    });
  return { key, kept, options, expected, prepare, check };
}

const ALGORITHMS: Algorithm[] = ['ES256', 'EdDSA', 'RS256'];

describe('a security key or passkey', () => {
  test.each(ALGORITHMS)('of %s is enrolled, and answers', async (algorithm) => {
    const { key, kept, options, check } = await asked({ algorithm });
    expect(kept).toMatchObject({
      claim: key.id,
      consumes: { through: 1 },
      parameters: { rpId: 'login.acme.example', backedUp: 0 },
    });
    expect(await check(key.get(options))).toEqual({
      outcome: 'accepted',
      consumes: { through: 2 },
      amr: ['hwk', 'user'],
    });
  });

  test.each([...ALGORITHMS])('of %s attests itself', async (algorithm) => {
    expect(await enrolled(make({ algorithm }), { wishes: { attestation: 'self' } })).toMatchObject({
      outcome: 'accepted',
    });
  });

  test('that is synced says so, does not count, and may be backed up later', async () => {
    const { key, kept, options, check } = await asked({ isSynced: true, counts: false });
    expect(kept).toMatchObject({ consumes: {}, parameters: { backedUp: 1 } });
    const plain = FLAG.UP | FLAG.UV | FLAG.BE;
    expect(await check(key.get(options))).toEqual({
      outcome: 'accepted',
      consumes: {},
      amr: ['swk', 'user'],
    });
    expect(await check(key.get(options, { flags: plain }))).toMatchObject({
      outcome: 'accepted',
      learned: { backedUp: 0 },
    });
  });

  test('is asked for with what it takes, and no name of the person’s', async () => {
    const { options } = await begin();
    expect(options).toMatchObject({
      rp: { id: 'login.acme.example', name: 'Acme' },
      user: { id: ADA.userHandle, name: 'ada@acme.example' },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      attestation: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    });
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
  });

  test('that the person has is excluded, and no wish for a kind of device stays for the next', async () => {
    const { kept } = await asked();
    const held = () => Promise.resolve([{ parameters: kept.parameters!, secret: kept.secret }]);
    const input = {
      ...ADA,
      settings: SETTINGS,
      randomBytes: randomBytes(32),
      issuer: 'Acme',
      account: 'ada',
      held,
    };
    const first = await webauthnKind.enrol({ ...input, body: { hints: ['security-key'] } });
    const second = await webauthnKind.enrol({ ...input, body: {} });
    expect(first.shown.creationOptions).toMatchObject({
      hints: ['security-key'],
      excludeCredentials: [{ id: kept.claim, transports: ['usb'] }],
    });
    expect(second.shown.creationOptions).toMatchObject({ hints: [] });
    const { authenticatorSelection } = second.shown.creationOptions as { authenticatorSelection: object };
    expect(authenticatorSelection).not.toHaveProperty('authenticatorAttachment');
  });

  test('is named by its model, where that is known', async () => {
    expect(await enrolled(make({ aaguid: MODEL }))).toMatchObject({ name: 'YubiKey 5 NFC' });
    expect(await enrolled(make())).not.toHaveProperty('name');
  });

  test('shows by itself that it is meant', async () => {
    const { key, kept, options } = await asked();
    const answer = { credential: key.get(options) };
    expect(await webauthnKind.identify(answer, kept.parameters!)).toBe(true);
    const other = (await asked()).kept;
    expect(await webauthnKind.identify(answer, other.parameters!)).toBe(false);
  });
});

const REJECTED = { outcome: 'rejected' };

describe('what is refused when a key is enrolled', () => {
  const creations: [string, Wishes][] = [
    ['of another origin', { origin: 'https://login.acme.example.evil.example' }],
    ['of the same host on another port', { origin: `${ORIGIN}:444` }],
    ['without encryption', { origin: 'http://login.acme.example' }],
    ['of another relying party', { rpId: 'acme.example' }],
    ['of an assertion', { type: 'webauthn.get' }],
    ['of another challenge', { challenge: randomBytes(32).toString('base64url') }],
    ['in a frame of another site', { crossOrigin: true }],
    ['in a frame, named', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['in a frame that is said to be none', { topOrigin: 'https://evil.example' }],
    ['without presence', { flags: FLAG.UV }],
    ['backed up without being eligible', { flags: FLAG.UP | FLAG.BS }],
    ['attested by itself in the name of another algorithm', { attestation: 'self', alg: -257 }],
    ['under another id inside than beside', { id: Buffer.alloc(32, 7).toString('base64url') }],
  ];
  test.each(creations)('what was made %s', async (_, wishes) => {
    expect(await enrolled(make(), { wishes })).toEqual(REJECTED);
  });

  test('what nobody asked for', async () => {
    const { options } = await begin();
    expect(await confirm(make().create(options), undefined)).toEqual(REJECTED);
  });

  test('what does not verify its user, where that is required', async () => {
    const settings = { ...SETTINGS, userVerification: 'required' } as const;
    expect(await enrolled(make({ verifiesUser: false }), { settings })).toEqual(REJECTED);
    expect(await enrolled(make(), { settings })).toMatchObject({ outcome: 'accepted' });
    expect(await enrolled(make({ verifiesUser: false }))).toMatchObject({ outcome: 'accepted' });
  });

  test.each(ALGORITHMS)(
    'what differs by one byte anywhere, of %s that attests itself',
    async (algorithm) => {
      const key = make({ algorithm });
      const { options, expected } = await begin();
      const whole = key.create(options, { attestation: 'self' });
      for (const part of ['clientDataJSON', 'attestationObject'] as const)
        for (const altered of eachByteAltered(whole.response[part])) {
          const credential = { ...whole, response: { ...whole.response, [part]: altered } };
          expect(await confirm(credential, expected)).toEqual(REJECTED);
        }
      expect(await confirm(whole, expected)).toMatchObject({ outcome: 'accepted' });
    },
    60_000,
  );

  test('a key that is no key: a point beside the curve, a short modulus, another curve or algorithm', async () => {
    const key = make();
    const { options, expected } = await begin();
    const whole = key.create(options);
    const object = Buffer.from(whole.response.attestationObject, 'base64url');
    for (let back = 1; back <= 67; back++) {
      const altered = Buffer.from(object);
      altered[altered.length - back]! ^= 0x01;
      const attestationObject = altered.toString('base64url');
      const credential = { ...whole, response: { ...whole.response, attestationObject } };
      expect([back, await confirm(credential, expected)]).toEqual([back, REJECTED]);
    }
  });

  test('a text that is another form of the same bytes', async () => {
    const { options, expected } = await begin();
    const whole = make().create(options);
    const { clientDataJSON, attestationObject } = whole.response;
    const longer = { ...whole.response, attestationObject: lengthened(attestationObject) };
    expect(await confirm({ ...whole, response: longer }, expected)).toEqual(REJECTED);
    const loose = Buffer.from(`${Buffer.from(clientDataJSON, 'base64url').toString()}   `.slice(0, -1));
    const spaced = { ...whole.response, clientDataJSON: `${loose.toString('base64url')}A` };
    expect(await confirm({ ...whole, response: spaced }, expected)).toEqual(REJECTED);
  });
});

describe('what is refused when a key answers', () => {
  const answers: [string, Wishes][] = [
    ['of another origin', { origin: 'https://evil.example' }],
    ['of another relying party', { rpId: 'evil.example' }],
    ['of a registration', { type: 'webauthn.create' }],
    ['of another challenge', { challenge: randomBytes(32).toString('base64url') }],
    ['in a frame of another site', { crossOrigin: true }],
    ['in a frame, named', { crossOrigin: true, topOrigin: ORIGIN }],
    ['in a frame that is said to be none', { topOrigin: ORIGIN }],
    ['for somebody else', { userHandle: handleOf('bob') }],
    ['under another id', { id: Buffer.alloc(32, 7).toString('base64url') }],
  ];
  test.each(answers)('what was signed %s', async (_, wishes) => {
    const { key, options, check } = await asked();
    expect(await check(key.get(options, wishes))).toEqual(REJECTED);
    expect(await check(key.get(options, { userHandle: null }))).toMatchObject({ outcome: 'accepted' });
  });

  test('what another ceremony, another person’s, or none asked for', async () => {
    const { key, options, check, prepare } = await asked();
    const other = await prepare();
    expect(await check(key.get(options), { expected: other.expected })).toEqual(REJECTED);
    expect(await check(key.get(options), { expected: undefined })).toEqual(REJECTED);
    expect(await check(key.get(options), { userHandle: handleOf('bob') })).toEqual(REJECTED);
  });

  test('what the key of somebody else signed, under this one’s id', async () => {
    const { key, options, check } = await asked();
    const other = make();
    expect(await check(other.get(options, { id: key.id, userHandle: null }))).toEqual(REJECTED);
    expect(await check(key.get(options), { secret: undefined })).toEqual(REJECTED);
  });

  test.each(ALGORITHMS)(
    'what differs by one byte anywhere, of %s',
    async (algorithm) => {
      const { key, options, check } = await asked({ algorithm });
      const whole = key.get(options);
      for (const part of ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle'] as const)
        for (const altered of eachByteAltered(whole.response[part]!)) {
          const credential = { ...whole, response: { ...whole.response, [part]: altered } };
          expect([part, await check(credential)]).toEqual([part, REJECTED]);
        }
      expect(await check(whole)).toMatchObject({ outcome: 'accepted' });
    },
    60_000,
  );

  const flags = [...Array(16).keys()].map((bits) => ({
    up: (bits & 1) > 0,
    uv: (bits & 2) > 0,
    be: (bits & 4) > 0,
    bs: (bits & 8) > 0,
  }));
  const KINDS = [
    ['bound to its device', false],
    ['synced', true],
  ] as const;
  test.each(KINDS)('every combination of flags that a key %s cannot have', async (_, isSynced) => {
    for (const userVerification of ['preferred', 'required'] as const) {
      const { key, options, check } = await asked({ isSynced }, { ...SETTINGS, userVerification });
      for (const { up, uv, be, bs } of flags) {
        const bits = (up ? FLAG.UP : 0) | (uv ? FLAG.UV : 0) | (be ? FLAG.BE : 0) | (bs ? FLAG.BS : 0);
        const isRight = up && (uv || userVerification === 'preferred') && be === isSynced && (!bs || be);
        const { outcome } = await check(key.get(options, { flags: bits }));
        expect([userVerification, bits, outcome]).toEqual([
          userVerification,
          bits,
          isRight ? 'accepted' : 'rejected',
        ]);
      }
    }
  });

  test('what does not verify its user, where that is required since it was asked', async () => {
    const { key, options, check } = await asked();
    const settings = { ...SETTINGS, userVerification: 'required' };
    expect(await check(key.get(options, { flags: FLAG.UP }), { settings })).toEqual(REJECTED);
    expect(await check(key.get(options, { flags: FLAG.UP }))).toMatchObject({ outcome: 'accepted' });
  });

  test('a counter that does not rise: that says that there may be a copy', async () => {
    const { key, options, check } = await asked();
    const cloned = { outcome: 'rejected', suspicion: 'cloned' };
    const at = (counter: number, through?: number): Promise<Checked> =>
      check(key.get(options, { counter }), { consumed: through === undefined ? {} : { through } });
    expect(await at(5, 5)).toEqual(cloned);
    expect(await at(4, 5)).toEqual(cloned);
    expect(await at(0, 5)).toEqual(cloned);
    expect(await at(6, 5)).toMatchObject({ outcome: 'accepted', consumes: { through: 6 } });
    expect(await at(0)).toMatchObject({ outcome: 'accepted', consumes: {} });
    expect(await at(1)).toMatchObject({ outcome: 'accepted', consumes: { through: 1 } });
    const forged = key.get(options, { counter: 1, origin: 'https://evil.example' });
    expect(await check(forged, { consumed: { through: 5 } })).toEqual(REJECTED); // only what is right says anything
  });
});

describe('a passkey that is a whole sign-in', () => {
  test('is asked for without a name, verifies its user and says who it is', async () => {
    const { key, prepare, check } = await asked({ isSynced: true, counts: false });
    const { options, expected } = await prepare(SETTINGS, []);
    expect(options).toMatchObject({ allowCredentials: [], userVerification: 'required' });
    expect(await check(key.get(options), { expected })).toMatchObject({
      outcome: 'accepted',
      amr: ['swk', 'user'],
    });
    const refused: Wishes[] = [
      { flags: FLAG.UP | FLAG.BE },
      { userHandle: null },
      { userHandle: handleOf('bob') },
    ];
    for (const wishes of refused)
      expect(await check(key.get(options, wishes), { expected })).toEqual(REJECTED);
  });
});

describe('a domain with pages of its own', () => {
  test('has its own relying party, and what was enrolled before keeps its own', async () => {
    const settings = {
      ...SETTINGS,
      rpId: 'acme.example',
      origins: ['https://www.acme.example', `android:apk-key-hash:${'A'.repeat(43)}`],
    };
    expect(relyingPartyOf(settings, relyingParty)).toEqual({
      id: 'acme.example',
      origins: [ORIGIN, 'https://www.acme.example', `android:apk-key-hash:${'A'.repeat(43)}`],
    });
    expect(relyingPartyOf({ ...settings, rpId: 'other.example' }, relyingParty).origins).not.toContain(
      ORIGIN,
    );
    const key = make({ origin: 'https://www.acme.example' });
    expect(await enrolled(key, { settings })).toMatchObject({ parameters: { rpId: 'acme.example' } });
    for (const rpId of ['acme.example', 'other.example']) {
      const old = await asked();
      const { options, expected } = await old.prepare({ ...settings, rpId, origins: [] });
      expect(options.rpId).toBe('login.acme.example');
      expect(await old.check(old.key.get(options), { expected })).toMatchObject({ outcome: 'accepted' });
    }
  });

  test('is no origin that a browser would not say', () => {
    const faultsOf = (...origins: string[]) => relyingPartyFaults({ rpId: 'acme.example', origins }).length;
    expect(faultsOf('https://acme.example', 'https://a.acme.example:8443')).toBe(0);
    expect(faultsOf(`android:apk-key-hash:${'A'.repeat(43)}`)).toBe(0);
    for (const origin of [
      'https://acme.example:443',
      'https://acme.example:99999',
      'https://acme.example.evil.example',
      'https://xn--',
    ])
      expect([origin, faultsOf(origin)]).toEqual([origin, 1]);
    expect(relyingPartyFaults({ rpId: 'com', origins: [] })).toHaveLength(1);
  });
});

test('an ECDSA signature has one form', () => {
  const [r, s] = ['01'.repeat(32), `00ff${'02'.repeat(31)}`];
  const whole = (first: string, second: string, extra = '') => {
    const body = [first, second]
      .map((part) => `02${(part.length / 2).toString(16).padStart(2, '0')}${part}`)
      .join('');
    return Buffer.from(`30${(body.length / 2).toString(16)}${body}${extra}`, 'hex');
  };
  expect(isDerSignature(whole(r, s))).toBe(true);
  expect(isDerSignature(whole(`00${r}`, s))).toBe(false); // padded for nothing
  expect(isDerSignature(whole(`ff${r.slice(2)}`, s))).toBe(false); // negative
  expect(isDerSignature(whole('', s))).toBe(false);
  expect(isDerSignature(whole('00', s))).toBe(false); // zero
  expect(isDerSignature(whole(r, s, '00'))).toBe(false);
  expect(isDerSignature(whole(r, s).subarray(0, 20))).toBe(false);
  expect(isDerSignature(Buffer.alloc(0))).toBe(false);
});

/** For each byte the text with the lowest bit of it turned, with the highest, and with all of them. */
function* eachByteAltered(text: string): Generator<string> {
  const bytes = Buffer.from(text, 'base64url');
  for (const [at, byte] of bytes.entries())
    for (const mask of [0x01, 0x80, 0xff]) {
      const altered = Buffer.from(bytes);
      altered[at] = byte ^ mask;
      yield altered.toString('base64url');
    }
}

/** With the length of its authenticator data written in one byte more than it takes. */
function lengthened(attestationObject: string): string {
  const hex = Buffer.from(attestationObject, 'base64url').toString('hex');
  const name = Buffer.from('authData').toString('hex');
  const at = hex.indexOf(name) + name.length;
  expect(hex.slice(at, at + 2)).toBe('58');
  return Buffer.from(`${hex.slice(0, at)}5900${hex.slice(at + 2)}`, 'hex').toString('base64url');
}
