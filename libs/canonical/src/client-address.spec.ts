import fc from 'fast-check';
import { addressPrefix, clientAddress, inRanges, readAddress } from './index.ts';
import { FORWARDED } from './testing/index.ts';

const PROXY = '127.0.0.1';
const isTrusted = inRanges([PROXY, '10.0.0.0/8']);
const from = (headers: Record<string, string | string[]>, header = 'either' as const) =>
  clientAddress({ peer: PROXY, headers }, isTrusted, header);

describe('the address of whoever asks', () => {
  test.each(FORWARDED)('$source: $header $value', ({ header, value, client }) => {
    const found = from({ [header]: value });
    if (client !== undefined) expect(found).toBe(client);
    else expect(isTrusted(found)).toBe(true); // the proxy's own counts
  });

  test('is the peer where that is no trusted proxy, whatever it says', () => {
    const peer = '::ffff:203.0.113.9';
    const headers = { 'x-forwarded-for': '10.1.1.1', forwarded: 'for=10.1.1.1' };
    expect(clientAddress({ peer, headers }, isTrusted, 'either')).toBe('203.0.113.9');
  });

  test('comes from the one header that the proxy writes, where a client can send the other', () => {
    const headers = { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=203.0.113.7' };
    const by = (header: 'either' | 'x-forwarded-for' | 'forwarded') =>
      clientAddress({ peer: PROXY, headers }, isTrusted, header);
    expect([by('either'), by('x-forwarded-for'), by('forwarded')]).toEqual([
      '198.51.100.1',
      '198.51.100.1',
      '203.0.113.7',
    ]);
  });

  test('is joined from several headers of one name', () => {
    expect(from({ 'x-forwarded-for': ['198.51.100.1', '203.0.113.7, 10.0.0.2'] })).toBe('203.0.113.7');
  });

  test('is an address whatever a proxy writes', () => {
    const hop = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('unknown', '_x', '"', '[', 'for=', ';'),
    );
    fc.assert(
      fc.property(fc.array(hop), fc.constantFrom(...['x-forwarded-for', 'forwarded']), (hops, header) => {
        const found = from({ [header]: hops.join(',') });
        expect(readAddress(found)).toBe(found);
      }),
    );
  });
});

describe('the range that a budget counts', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['2001:0db8:0:0:ffff::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:1::9', '2001:db8:0:1::/64'],
  ])('of %s is %s', (address, prefix) => {
    expect(addressPrefix(address)).toBe(prefix);
  });
});
