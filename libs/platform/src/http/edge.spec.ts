import { addressReader } from './edge.ts';

/* From which address a request comes, asked several times, on a connection that requests share. */

test('each request of one connection has its own address, and keeps it', () => {
  const addressOf = addressReader({ trustedProxies: ['127.0.0.1'], forwardedHeader: 'either' });
  const socket = { remoteAddress: '127.0.0.1' };
  const requests = ['192.0.2.1', '192.0.2.2', '2001:DB8::1'].map((address) => ({
    socket,
    headers: { 'x-forwarded-for': address },
  }));
  const expected = ['192.0.2.1', '192.0.2.2', '2001:db8::1'];
  for (let n = 0; n < 2; n++) expect(requests.map(addressOf)).toEqual(expected);
  expect(addressOf({ socket, headers: {} })).toBe('127.0.0.1');
});
