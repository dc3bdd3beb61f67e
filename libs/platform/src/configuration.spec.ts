import { ConfigurationFault, readConfiguration } from './configuration.ts';

const faults = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfiguration(environment);
    return [];
  } catch (error) {
    return (error as ConfigurationFault).faults;
  }
};

describe('the configuration', () => {
  test('needs nothing on loopback, and is then a demo', () => {
    expect(readConfiguration({})).toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4000',
      demo: true,
      dataDirectory: '.sparekey',
      operatorToken: undefined,
    });
    expect(readConfiguration({ PORT: '80' }).publicUrl).toBe('http://localhost');
  });

  test('is no demo elsewhere', () => {
    expect(readConfiguration({ SPAREKEY_PUBLIC_URL: 'https://sparekey.example.org' }).demo).toBe(false);
    expect(readConfiguration({ HOST: '0.0.0.0' }).demo).toBe(false);
    expect(faults({ HOST: '0.0.0.0', SPAREKEY_DEMO: 'true' })).toEqual([
      expect.stringMatching(/^SPAREKEY_DEMO: /),
    ]);
  });

  test.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['SPAREKEY_PUBLIC_URL', 'sparekey.example.org'],
    ['SPAREKEY_PUBLIC_URL', 'https://sparekey.example.org/'],
    ['SPAREKEY_PUBLIC_URL', 'http://sparekey.example.org'],
    ['SPAREKEY_DEMO', 'yes'],
    ['SPAREKEY_TRUSTED_PROXIES', '10.0.0.0/99'],
    ['SPAREKEY_TRUSTED_PROXIES', 'proxy'],
    ['LOG_LEVEL', 'loud'],
    ['SPAREKEY_OPERATOR_TOKEN', 'short'],
    ['SPAREKEY_OPERATOR_TOKEN_DIGEST', 'x'.repeat(64)],
    ['SPAREKEY_MASTER_KEYS', 'nonsense'],
    ['SPAREKEY_PEPPERS', 'pepper.1=short'],
    ['SPAREKEY_OPERATOR_TOKEN_FILE', '/not/there'],
    ['SPAREKEY_METRICS_TOKEN', 'short'],
    ['SPAREKEY_FORWARDED_HEADER', 'via'],
    ['SPAREKEY_PROVIDER_NETWORKS', 'inside'],
    ['SPAREKEY_MAIL_FROM', 'Sparekey'],
    ['SPAREKEY_MAIL_FROM', 'Sparekey <sparekey>'],
    ['SPAREKEY_MAIL_FROM', 'a@b.example\nBcc: eve@evil.example'],
    ['SPAREKEY_MAIL_SMTPUTF8', 'yes'],
    ['SPAREKEY_SMTP_CA_FILE', '/not/there'],
    ['SPAREKEY_FIDO_METADATA_FILE', '/not/there'],
    ['SPAREKEY_SMTP_URL', 'smtp:mail.example'],
    ['SPAREKEY_SMTP_URL', 'mail.example:25'],
    ['SPAREKEY_SMTP_URL', 'smtp://ada:50%off@mail.example'],
    ['SPAREKEY_SMTP_URL', 'smtp://ada:pa#ss@mail.example'],
    ['SPAREKEY_SMTP_URL', 'smtp://ada:pa/ss@mail.example'],
    ['SPAREKEY_SMTP_URL', 'smtp://ada:pa?ss@mail.example'],
    ['SPAREKEY_SMTP_URL', 'smtp://ada:%ff@mail.example'],
    ['SPAREKEY_SMS_URL', 'https://ada:50%off@sms.example/'],
    ['SPAREKEY_SMS_URL', 'https://ada:pa#ss@sms.example/'],
  ])('names the fault of %s=%s', (name, value) => {
    expect(faults({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
  });

  test('names all faults at once', () => {
    expect(faults({ PORT: 'x', LOG_LEVEL: 'x', SPAREKEY_DEMO: 'x' })).toHaveLength(3);
  });

  test('takes a secret once', () => {
    const token = 'x'.repeat(32);
    expect(readConfiguration({ SPAREKEY_OPERATOR_TOKEN: token }).operatorToken).toBe(token);
    expect(faults({ SPAREKEY_OPERATOR_TOKEN: token, SPAREKEY_OPERATOR_TOKEN_FILE: '/x' })).toHaveLength(1);
  });

  test('knows the operator’s token by its digest, as sha256sum prints it, and takes only one of both', () => {
    const digest = 'AB'.repeat(32);
    const read = readConfiguration({ SPAREKEY_OPERATOR_TOKEN_DIGEST: `${digest}  -\n` });
    expect(read.operatorTokenDigest).toBe(digest.toLowerCase());
    const both = { SPAREKEY_OPERATOR_TOKEN: 'x'.repeat(32), SPAREKEY_OPERATOR_TOKEN_DIGEST: digest };
    expect(faults(both)).toEqual([expect.stringMatching(/^SPAREKEY_OPERATOR_TOKEN: .*not both/)]);
  });

  test.each([
    ['Sparekey <sparekey@example.org>', 'a name and an address'],
    ['sparekey@example.org', 'an address'],
    ['"Sparekey, Inc." <no-reply@mail.example.org>', 'a quoted name'],
    ['Sparekey <sparekey@localhost>', 'a host without a dot'],
  ])('takes mails from %s (%s)', (from) => {
    expect(readConfiguration({ SPAREKEY_MAIL_FROM: from }).mailFrom).toBe(from);
  });

  test('takes a login whose characters are escaped', () => {
    const url = `smtp://${encodeURIComponent('ada@acme.example')}:${encodeURIComponent('p%40 w#r?d/:@é')}@mail.example:25`;
    expect(readConfiguration({ SPAREKEY_SMTP_URL: url }).smtpUrl).toBe(url);
  });

  test.each([
    ['SPAREKEY_OPERATER_TOKEN', 'SPAREKEY_OPERATOR_TOKEN'],
    ['SPAREKEY_PUBLICURL', 'SPAREKEY_PUBLIC_URL'],
    ['SPARE_KEY_DEMO', 'SPAREKEY_DEMO'],
    ['SPAREKEY_SMTP_URL_FIEL', 'SPAREKEY_SMTP_URL_FILE'],
  ])('names %s, and %s that may be meant', (name, meant) => {
    const { misspelt } = readConfiguration({ [name]: 'x', SPAREKEY_TEST_ON: 'x', PATH: 'x' });
    expect(misspelt).toEqual([
      expect.stringContaining(`${name} is no variable of Sparekey: is ${meant} meant?`),
    ]);
  });

  test('shows no secret in a fault', () => {
    const all = faults({
      SPAREKEY_OPERATOR_TOKEN: 'zebra',
      SPAREKEY_MASTER_KEYS: 'zebra=zebra',
      SPAREKEY_PEPPERS: 'zebra',
      SPAREKEY_SMTP_URL: 'smtp://ada:zebra%@mail.example',
    });
    expect(all).toHaveLength(4);
    expect(all.join()).not.toContain('zebra');
  });
});
