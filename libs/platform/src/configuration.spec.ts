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
    ['SPAREKEY_MASTER_KEYS', 'nonsense'],
    ['SPAREKEY_PEPPERS', 'pepper.1=short'],
    ['SPAREKEY_OPERATOR_TOKEN_FILE', '/not/there'],
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

  test('shows no secret in a fault', () => {
    const all = faults({
      SPAREKEY_OPERATOR_TOKEN: 'zebra',
      SPAREKEY_MASTER_KEYS: 'zebra=zebra',
      SPAREKEY_PEPPERS: 'zebra',
    });
    expect(all).toHaveLength(3);
    expect(all.join()).not.toContain('zebra');
  });
});
