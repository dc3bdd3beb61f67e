import { canonicalIssuer, readHost } from './index.ts';

describe('a host', () => {
  test.each([
    ['sparekey.acme.test', 'sparekey.acme.test', 'as it is'],
    ['SPAREKEY.Acme.TEST', 'sparekey.acme.test', 'RFC 3986 6.2.2.1: any case'],
    ['sparekey.acme.test:443', 'sparekey.acme.test', 'RFC 3986 6.2.3: the default port'],
    ['sparekey.acme.test.', 'sparekey.acme.test', 'RFC 1034 3.1: absolute name'],
    ['sparekey.acme.test.:443', 'sparekey.acme.test', 'both'],
    ['sparekey.acme.test:8443', 'sparekey.acme.test:8443', 'another port'],
    ['[2001:DB8::0:1]:443', '[2001:db8::1]', 'IPv6'],
    ['b\u00fccher.example', 'xn--bcher-kva.example', 'U-labels'],
  ])('%s is %s (%s)', (text, host) => {
    expect(readHost(text, 'https:')).toBe(host);
  });

  test.each(['', 'a b', 'user@host', 'host/path', 'host?x', 'host:99999', '[::1', 'http://host'])(
    '%j is none',
    (text) => {
      expect(readHost(text, 'https:')).toBeUndefined();
    },
  );
});

test('spellings of one issuer are one', () => {
  const spellings = [
    'https://idp.acme.test/realms/acme',
    'https://idp.acme.test/realms/acme/',
    'https://IDP.acme.test:443/realms/acme',
    'https://idp.acme.test./realms/acme//',
  ];
  expect(new Set(spellings.map(canonicalIssuer)).size).toBe(1);
  expect(canonicalIssuer('https://idp.acme.test/realms/Acme')).not.toBe(canonicalIssuer(spellings[0]!));
  expect(canonicalIssuer('accounts.google.com')).toBe('accounts.google.com');
});
