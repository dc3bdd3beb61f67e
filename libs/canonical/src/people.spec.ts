import fc from 'fast-check';
import {
  isDateTime,
  isName,
  normalizeName,
  readLogin,
  readMailAddress,
  readPhoneNumber,
  readPublicKey,
  shownName,
} from './index.ts';

describe('a name', () => {
  test.each([
    ['Ada', 'one word'],
    ['O’Brien-van der Berg, Jr.', 'punctuation'],
    ['\u0639\u0644\u06cc\u200c\u0631\u0636\u0627', 'Persian, ZWNJ between joining letters (RFC 5892 A.1)'],
    [
      '\u0d2a\u0d4d\u0d30\u0d35\u0d40\u0d23\u0d4d\u200d',
      'Malayalam chillu, ZWJ after a virama (RFC 5892 A.2)',
    ],
    ['\u0d9a\u0dca\u200d\u0dbb\u0dd2\u0dc3\u0dca', 'Sinhala conjunct, ZWJ after a virama'],
    ['\u0915\u094d\u200c\u0937', 'Devanagari, ZWNJ after a virama'],
    ['Kim \u{1f469}\u200d\u{1f4bb}', 'emoji joined by ZWJ'],
    ['\u{1f3f3}\ufe0f\u200d\u{1f308} Team', 'emoji with selector and ZWJ'],
    ['\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'flag by tags (UTS 51)'],
    ['\u845b\u{e0100}\u57ce', 'ideographic variation sequence'],
    ['\u05e0\u05b4\u05e7\u05bc\u0591\u05d5\u05bc\u05d3', 'Hebrew with points and accents'],
    ['\u0f56\u0f66\u0f92\u0fb2\u0f74\u0f56\u0f66', 'Tibetan stack'],
    ['Nguy\u1ec5n', 'Vietnamese'],
    ['Wilhelmina van der van der van der van der van der van der van der Berg', 'longer than 64'],
    ['a'.repeat(128), '128 characters'],
    ['\u{1f469}\u{1f3fd}\u200d\u{1f692}'.repeat(100), 'characters as a reader counts them'],
  ])('may be %j (%s)', (name) => {
    expect(isName(normalizeName(name))).toBe(true);
    expect(shownName(name)).toBe(normalizeName(name));
  });

  test.each([
    ['a\u202eb', 'ab', 'right-to-left override'],
    ['a\u2066b\u2069', 'ab', 'isolates'],
    ['\u200fada', 'ada', 'right-to-left mark'],
    ['a\u200db', 'ab', 'joiner between letters that do not join'],
    ['\u200d', undefined, 'a joiner alone'],
    ['a\u0000b', 'ab', 'NUL'],
    ['a\nb', 'a b', 'line end'],
    ['\u3164', undefined, 'Hangul filler'],
    ['\u2800', undefined, 'blank Braille pattern'],
    ['Ada\ufe0f', 'Ada', 'selector behind a letter that has no variants'],
    ['a\u034fb', 'ab', 'combining grapheme joiner'],
    ['Ad\u0301\u0302\u0303\u0304\u0305\u0306a', 'Ad\u0301\u0302\u0303\u0304a', 'stacked marks (UTS 39 5.4)'],
    ['a'.repeat(129), 'a'.repeat(128), 'too long'],
    ['\ud800a', '\ufffda', 'lone surrogate'],
    ['', undefined, 'empty'],
    [' \u00a0\u3000', undefined, 'spaces'],
  ])('may not be %j; of it %j can be shown (%s)', (name, shown, _why) => {
    expect(isName(normalizeName(name))).toBe(false);
    expect(shownName(name)).toBe(shown);
  });

  test('is shown as a name or not at all, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        expect(isName(shownName(text) ?? 'nobody')).toBe(true);
      }),
    );
  });
});

describe('a mail address', () => {
  test.each([
    ['Ada@ACME.test', 'Ada@acme.test', false, 'RFC 5321 2.4: the domain in any case'],
    [' ada@acme.test ', 'ada@acme.test', false, 'pasted with spaces'],
    ['ada@acme.test.', 'ada@acme.test', false, 'final dot of an absolute name'],
    ['ada+tag@acme.test', 'ada+tag@acme.test', false, 'subaddress'],
    ["o'hara_1@acme.test", "o'hara_1@acme.test", false, 'atext of RFC 5322'],
    [
      'ada@b\u00fccher.example',
      'ada@xn--bcher-kva.example',
      false,
      'RFC 5890: only the domain is international',
    ],
    ['ada@\u4f8b\u5b50.example', 'ada@xn--fsqu00a.example', false, 'Han domain'],
    ['j\u00fcrgen@acme.test', 'j\u00fcrgen@acme.test', true, 'RFC 6531: the local part is international'],
    ['ju\u0308rgen@acme.test', 'j\u00fcrgen@acme.test', true, 'the same in NFD (RFC 6532 3.1)'],
  ])('%s is %s (needs SMTPUTF8: %s; %s)', (text, address, needsSmtpUtf8) => {
    expect(readMailAddress(text)).toEqual({ address, needsSmtpUtf8 });
  });

  test.each([
    ['', 'empty'],
    ['no address', 'no sign'],
    ['ada@corp', 'a host without a dot'],
    ['ada@localhost', 'this machine'],
    ['ada@[192.0.2.1]', 'address literal'],
    ['"a b"@acme.test', 'quoted local part'],
    ['ada@acme..test', 'empty label'],
    ['.ada@acme.test', 'leading dot'],
    ['ada@acme.test\r\nBcc: eve@evil.test', 'line end'],
    ['a\u200bda@acme.test', 'invisible mark'],
    ['ada@acme.test\u202e', 'direction'],
    ['Ada <ada@acme.test>', 'a name before it'],
    ['ada@acme.test, bob@acme.test', 'two of them'],
    ['ada@acme.123', 'no top-level domain'],
    [`${'a'.repeat(65)}@acme.test`, 'local part of 65 octets'],
    [`ada@${'a.'.repeat(130)}test`, 'longer than a path'],
  ])('%j is none (%s)', (text) => {
    expect(readMailAddress(text)).toBeUndefined();
  });

  test('reads itself, whatever is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'binary' })), (text) => {
        const read = readMailAddress(text);
        if (read) expect(readMailAddress(read.address)).toEqual(read);
      }),
    );
  });
});

describe('a telephone number', () => {
  test.each([
    ['+31655500199', '+31655500199'],
    ['+31 6 5550 0198', '+31655500198'],
    ['+1 (415) 555-2671', '+14155552671'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+49 (0)30 901820', '+4930901820'],
    ['+39 06 6982', '+39066982'],
    ['tel:+31655500197', '+31655500197'],
    ['\uff0b31655500195', '+31655500195'],
    ['+31-6-55.50.01.99', '+31655500199'],
    ['\u200e+31 6 5550 0198', '+31655500198'],
  ])('%s is %s', (text, number) => {
    expect(readPhoneNumber(text)).toBe(number);
  });

  test.each(['0655500199', '0031655500194', '+31 6 5550 0196 ext. 5', '+999123456', 'call me', '', '+31 6'])(
    '%j is none that can be told',
    (text) => {
      expect(readPhoneNumber(text)).toBeUndefined();
    },
  );
});

describe('a login', () => {
  test.each([
    [' ada@acme.test\n', 'pasted with a line end'],
    ['ada@acme.test\u00a0', 'no-break space of a keyboard'],
    ['\u200eada@acme.test\u200e', 'marks of direction'],
    ['\ufeffada@acme.test', 'byte order mark'],
    ['mailto:ada@acme.test', 'a copied link'],
    ['\uff41\uff44\uff41@acme.test', 'full-width letters'],
    ['ada\u00ad@acme.test', 'soft hyphen'],
  ])('%j is read as ada@acme.test (%s)', (typed) => {
    expect(readLogin(typed)).toBe('ada@acme.test');
  });
});

describe('a date-time', () => {
  test.each(['2030-01-31T12:00:00Z', '2028-02-29T00:00:00.5+02:00', '0001-01-01T00:00:00Z'])(
    '%s is one',
    (text) => {
      expect(isDateTime(text)).toBe(true);
    },
  );

  test.each([
    '2030-02-30T12:00:00Z',
    '2027-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2030-04-31T12:00:00Z',
    '2030-13-01T12:00:00Z',
    '2030-00-10T12:00:00Z',
    '2030-01-00T12:00:00Z',
    '2030-01-01T24:00:00Z',
    '2030-01-01T12:60:00Z',
    '2030-01-01T12:00:00+24:00',
    '2030-01-01T12:00:00',
    '2030-01-01',
    '2030-1-1T12:00:00Z',
  ])('%s is none', (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});

describe('a public key', () => {
  const key = { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43), kid: 'k1' };
  const members = ['kty', 'crv', 'x', 'kid'];

  test.each([
    [{ alg: 'EdDSA', use: 'sig' }, 'jose, Nimbus'],
    [{ alg: 'Ed25519' }, 'RFC 9864'],
    [{ key_ops: ['verify'], ext: true }, 'WebCrypto'],
    [{ x5t: 'a', 'x5t#S256': 'b', x5c: ['c'] }, 'Keycloak'],
    [{ iat: 1, exp: 2, 'urn:x': {} }, 'members of an organisation’s own'],
  ])('is taken with %j (%s)', (more, _whose) => {
    expect(readPublicKey({ ...key, ...more }, members)).toEqual(key);
  });

  test('keeps what makes it private, so that it is refused', () => {
    expect(readPublicKey({ ...key, d: 'secret' }, members)).toHaveProperty('d');
  });
});
