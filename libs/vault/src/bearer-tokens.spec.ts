import { makeBearerToken, readBearerToken } from './bearer-tokens.ts';

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
