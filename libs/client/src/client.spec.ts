import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { audienceOf, issuerOf, RESULT_TYPE } from '@sparekey/contracts';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createResultVerifier, SparekeyClient, SparekeyNotReached, SparekeyProblem } from './index.ts';

const ADDRESSES = [
  'https://sparekey.example.org',
  'https://sparekey.example.org/',
  'https://SPAREKEY.example.org:443',
];
const NO_ADDRESSES = [
  'https://sparekey.example.org/two-step',
  'https://sparekey.example.org/?x',
  'https://sparekey.example.org/#x',
  'https://ada@sparekey.example.org',
  'ftp://sparekey.example.org',
  'sparekey.example.org',
  '',
];

test.each(NO_ADDRESSES)('the client and the verifier refuse the address %j', (url) => {
  expect(() => new SparekeyClient({ url, domain: 'acme', token: 'x' })).toThrow(TypeError);
  expect(() => createResultVerifier({ url, domain: 'acme', service: 'shop', keys: { keys: [] } })).toThrow(
    TypeError,
  );
});

test.each(ADDRESSES)('the verifier takes the address that the client takes: %s', async (url) => {
  expect(() => new SparekeyClient({ url, domain: 'acme', token: 'x' })).not.toThrow();
  const { publicKey, privateKey } = await generateKeyPair('EdDSA');
  const own = 'https://sparekey.example.org'; // as Sparekey calls itself
  const claims = {
    sub: 'ada',
    jti: 'j',
    purpose: 'sign-in',
    challengeRef: 'c',
    auth_time: 1,
    amr: ['otp'],
    acr: 'x',
  };
  const result = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: RESULT_TYPE, kid: 'k' })
    .setIssuer(issuerOf(own, 'acme'))
    .setAudience(audienceOf(own, 'acme', 'shop'))
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'EdDSA' }] };
  const verify = createResultVerifier({ url, domain: 'acme', service: 'shop', keys });
  expect(await verify(result)).toMatchObject({ sub: 'ada' });
});

describe('whoever answers in the place of Sparekey', () => {
  let server: Server;
  let answer = { status: 200, type: 'text/html', body: '' };
  let client: SparekeyClient;

  beforeAll(async () => {
    server = createServer((_, response) =>
      response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new SparekeyClient({ url, domain: 'acme', token: 'x', timeout: 1_000 });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    [502, 'text/html', '<html><h1>502 Bad Gateway</h1></html>', 'nginx'],
    [503, 'text/plain', 'no healthy upstream', 'Envoy'],
    [200, 'text/html', '<!doctype html><title>Sign in</title>', 'a captive portal'],
    [504, 'application/json', '{"message":"Endpoint request timed out"}', 'AWS API Gateway'],
    [200, 'application/json', 'null', 'nobody in particular'],
    [500, 'text/html', '', 'an empty page'],
  ])('with %i %s %j is not Sparekey (%s)', async (status, type, body) => {
    answer = { status, type, body };
    await expect(client.signIn('s')).rejects.toBeInstanceOf(SparekeyNotReached);
  });

  test('a problem of Sparekey is one', async () => {
    answer = { status: 503, type: 'application/problem+json', body: '{"code":"not-ready","status":503}' };
    await expect(client.signIn('s')).rejects.toBeInstanceOf(SparekeyProblem);
  });

  test('nobody at all is not Sparekey either', async () => {
    const nobody = new SparekeyClient({ url: 'http://127.0.0.1:9', domain: 'acme', token: 'x' });
    await expect(nobody.signIn('s')).rejects.toBeInstanceOf(SparekeyNotReached);
  });
});
