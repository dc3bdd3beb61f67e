import { ScureBase32Plugin } from 'otplib';
import type { Fields } from '../factor-kind.ts';
import { totpKind as totp } from './kind.ts';

const settings = {
  enabled: true,
  usableIfEnrolled: true,
  digits: 6,
  period: 30,
  algorithm: 'SHA1',
  tolerance: 1,
} as const;

// RFC 6238 appendix B: the digits 1234567890 repeated to 20, 32 and 64 bytes
const seed = (bytes: number) =>
  new ScureBase32Plugin().encode(new TextEncoder().encode('1234567890'.repeat(7).slice(0, bytes)));
const SEEDS = { SHA1: seed(20), SHA256: seed(32), SHA512: seed(64) };

const at = (seconds: number, code: string, more: object = {}) =>
  totp.check({
    settings,
    parameters: { digits: 6, period: 30, algorithm: 'SHA1' },
    secret: SEEDS.SHA1,
    answer: { code },
    expected: undefined,
    now: seconds * 1_000,
    consumed: {},
    userHandle: '',
    ...more,
  });

describe('a TOTP code', () => {
  test.each([
    [59, '94287082', '46119246', '90693936'],
    [1_111_111_109, '07081804', '68084774', '25091201'],
    [1_111_111_111, '14050471', '67062674', '99943326'],
    [1_234_567_890, '89005924', '91819424', '93441116'],
    [2_000_000_000, '69279037', '90698825', '38618901'],
    [20_000_000_000, '65353130', '77737706', '47863826'],
  ])('RFC 6238 appendix B at %i', (time, SHA1, SHA256, SHA512) => {
    for (const [algorithm, code] of Object.entries({ SHA1, SHA256, SHA512 })) {
      const parameters = { digits: 8, period: 30, algorithm };
      const secret = SEEDS[algorithm as keyof typeof SEEDS];
      expect(at(time, code, { parameters, secret })).toEqual({
        outcome: 'accepted',
        consumes: { through: Math.floor(time / 30) },
      });
      const wrong = String((Number(code) + 1) % 1e8).padStart(8, '0');
      expect(at(time, wrong, { parameters, secret })).toEqual({ outcome: 'rejected' });
    }
  });

  // RFC 4226 appendix D, counters 0 to 9
  const HOTP = [
    '755224',
    '287082',
    '359152',
    '969429',
    '338314',
    '254676',
    '287922',
    '162583',
    '399871',
    '520489',
  ];

  test.each([...HOTP.entries()])('RFC 4226 appendix D, counter %i: %s', (counter, code) => {
    expect(at(counter * 30, code, { settings: { ...settings, tolerance: 0 } })).toEqual({
      outcome: 'accepted',
      consumes: { through: counter },
    });
  });

  const NOW = 30 * 5 + 29; // the last second of step 5
  test('is accepted one step early and one step late, and no further', () => {
    const accepted = HOTP.map((code) => at(NOW, code)).flatMap((checked) =>
      checked.outcome === 'accepted' ? [checked.consumes] : [],
    );
    expect(accepted).toEqual([{ through: 4 }, { through: 5 }, { through: 6 }]);
  });

  test('in the strict profile only the current step is accepted', () => {
    const strict = { settings: { ...settings, tolerance: 0 } };
    expect(at(NOW, '338314', strict).outcome).toBe('rejected');
    expect(at(NOW, '254676', strict)).toEqual({ outcome: 'accepted', consumes: { through: 5 } });
    expect(at(NOW, '287922', strict).outcome).toBe('rejected');
  });

  test('is refused at and behind the last accepted step', () => {
    expect(at(NOW, '254676', { consumed: { through: 4 } })).toEqual({
      outcome: 'accepted',
      consumes: { through: 5 },
    });
    expect(at(NOW, '254676', { consumed: { through: 5 } }).outcome).toBe('rejected');
    expect(at(NOW, '338314', { consumed: { through: 5 } }).outcome).toBe('rejected');
    expect(at(NOW, '287922', { consumed: { through: 5 } })).toEqual({
      outcome: 'accepted',
      consumes: { through: 6 },
    });
    for (const afterStep of [6, 7, 1_000])
      expect(at(NOW, '287922', { consumed: { through: afterStep } }).outcome).toBe('rejected');
  });

  test('is read as people type it, and what has other digits than the app shows is no code', () => {
    expect(at(NOW, ' 254\u00a0676.').outcome).toBe('accepted');
    for (const typed of ['', '25467', '2546766', '-254676x1', '9'.repeat(1_000)])
      expect(at(NOW, typed)).toEqual({ outcome: 'malformed', field: 'code' });
  });
});

const svgOf = ({ shown }: { shown: Fields }) =>
  Buffer.from(String(shown.qrCode).split(',')[1]!, 'base64').toString();

const ceremony = {
  relyingParty: { id: 'acme.example', origins: ['https://acme.example'] },
  userHandle: 'none',
  held: () => Promise.resolve([]),
};

describe('enrolling an authenticator app', () => {
  const enrolment = totp.enrol({
    settings,
    ...ceremony,
    body: {},
    randomBytes: new TextEncoder().encode('12345678901234567890'),
    issuer: 'Acme: Payroll & Söhne',
    account: 'ada@acme.example',
  });

  test('gives a secret of 160 bits in Base32 without padding', () => {
    expect(enrolment.shown.secret).toBe(SEEDS.SHA1);
    expect(enrolment.secret).toBe(SEEDS.SHA1);
  });

  test('writes an otpauth URI that every app reads: %20 for spaces, one colon, issuer twice', () => {
    const uri = String(enrolment.shown.otpauthUri);
    expect(uri).not.toContain('+');
    expect(uri).toMatch(/^otpauth:\/\/totp\/Acme%20Payroll%20%26%20S%C3%B6hne:ada%40acme\.example\?/);
    const query = new URL(uri).searchParams;
    expect(query.get('issuer')).toBe('Acme Payroll & Söhne');
    expect(query.get('secret')).toBe(SEEDS.SHA1);
  });

  test('states what differs from the defaults', () => {
    const other = totp.enrol({
      settings: { ...settings, digits: 8, period: 60, algorithm: 'SHA256' },
      ...ceremony,
      body: {},
      randomBytes: new Uint8Array(20),
      issuer: 'a',
      account: 'b',
    });
    const query = new URL(String(other.shown.otpauthUri)).searchParams;
    expect([query.get('digits'), query.get('period'), query.get('algorithm')]).toEqual(['8', '60', 'SHA256']);
  });

  test('draws a QR code as SVG', () => {
    const [head, body] = String(enrolment.shown.qrCode).split(',');
    expect(head).toBe('data:image/svg+xml;base64');
    expect(svgOf(enrolment)).toMatch(/^<svg/);
    expect(body).toBeDefined();
  });

  test('on a white ground of its own, with a quiet zone of four modules (ISO/IEC 18004 section 5.3.8)', () => {
    const svg = svgOf(enrolment);
    expect(svg).toMatch(/^<svg[^>]*><rect width="100%" height="100%" fill="#fff"\/>/);
    const size = Number(/viewBox="0 0 (\d+) /.exec(svg)![1]);
    expect((size - 2 * 4 - 17) % 4).toBe(0); // a whole version within the border
    for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)/g))
      for (const at of [Number(x), Number(y)]) {
        expect(at).toBeGreaterThanOrEqual(4);
        expect(at).toBeLessThan(size - 4);
      }
  });

  test.each([
    ['a long name', 'x'.repeat(500)],
    ['many bytes a character', '\u{1f469}\u{1f3fd}\u200d\u{1f692}'.repeat(128)],
    ['another script', '\u6f22'.repeat(128)],
    ['colons alone', ':::'],
    ['a long address', `${'a'.repeat(64)}@${'b.'.repeat(90)}example`],
  ])('of %s stays readable: it is shortened after a whole character', (_, name) => {
    const given = {
      ...ceremony,
      settings,
      body: {},
      randomBytes: new Uint8Array(20),
      issuer: name,
      account: name,
    };
    const { shown } = totp.enrol(given);
    expect(String(shown.otpauthUri).length).toBeLessThan(420);
    expect(decodeURIComponent(String(shown.otpauthUri)).isWellFormed()).toBe(true);
    expect(svgOf({ shown })).toMatch(/^<svg/);
  });
});
