import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '@sparekey/hosting';
import { readConfiguration } from '@sparekey/platform';
import { createGateway } from './gateway.ts';

/* Before services that tell what reaches them. */

let upstream: Server;
let gateway: ReturnType<typeof createGateway>;
let port: number;
const open = new Set<Socket>();

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

beforeAll(async () => {
  upstream = createServer((incoming, answer) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      answer.setHeader('content-type', 'application/json');
      answer.end(JSON.stringify({ method, url, headers, body: Buffer.concat(parts).toString() }));
    });
  });
  upstream.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const configuration = readConfiguration({
    SPAREKEY_PUBLIC_URL: 'http://localhost:4000',
    SPAREKEY_LOG_LEVEL: 'silent',
  });
  gateway = createGateway({
    ...configuration,
    upstreams: new Map(SERVICES.map((service) => [service, [origin]])),
  });
  await gateway.listen({ port: 0, host: '127.0.0.1' });
  port = (gateway.server.address() as AddressInfo).port;
});
afterAll(async () => {
  gateway.server.closeAllConnections();
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
});

interface Asked {
  readonly status: number;
  readonly type: string;
  readonly body: Seen & { readonly code?: string };
}

/** @param target exactly as it stands in the request line */
async function ask(
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Asked> {
  const own = { host: 'localhost:4000', ...headers };
  const asking = request({ host: '127.0.0.1', port, method, path: target, headers: own });
  asking.end(body);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  let text = '';
  for await (const part of answer) text += String(part);
  const type = String(answer.headers['content-type']);
  return { status: answer.statusCode!, type, body: (text === '' ? {} : JSON.parse(text)) as Asked['body'] };
}

describe('a target is read in every form that it may have', () => {
  test.each([
    ['/v1/domains/acme/users?query=100%', '/v1/domains/acme/users?query=100%'],
    ['/v1/domains/acme/users?query=%zz&a=%', '/v1/domains/acme/users?query=%zz&a=%'],
    ['/v1/domains/acme/users?query=../x', '/v1/domains/acme/users?query=../x'],
    ['/v1/domains/acme/users?query=a/../../b', '/v1/domains/acme/users?query=a/../../b'],
    ['/v1/domains/acme/users?', '/v1/domains/acme/users?'],
    ['/v1/domains/acme/users?a=1?b=2', '/v1/domains/acme/users?a=1?b=2'],
    ['http://localhost:4000/v1/domains?limit=5', '/v1/domains?limit=5'],
    ['HTTP://LOCALHOST:4000/v1/domains', '/v1/domains'],
  ])('%s', async (target, url) => {
    const { status, body } = await ask('GET', target);
    expect([status, body.url]).toEqual([200, url]);
  });

  test('OPTIONS of the whole server is passed on as a path that nothing answers to', async () => {
    expect(await ask('OPTIONS', '*')).toMatchObject({ status: 200, body: { method: 'OPTIONS', url: '/*' } });
  });

  test.each([
    ['http://evil.example/v1/domains', 421],
    ['/v1/%zz', 400],
    ['/v1/%E0%A4%A', 400],
    ['/v1/domains/../operator/parked', 400],
    ['/v1/domains/%2e%2e/operator/parked', 400],
  ])('%s is a problem: %d', async (target, expected) => {
    const { status, type } = await ask('GET', target);
    expect(status).toBe(expected);
    expect(type).toMatch(/^application\/problem\+json/);
  });
});

describe('a body', () => {
  test.each([
    ['of its length', { 'content-length': '7' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
    ['of a charset', { 'content-type': 'application/json; charset=UTF-8' }],
    ['of another type', { 'content-type': 'text/plain' }],
    ['after Expect', { expect: '100-continue' }],
  ])('%s arrives as it was sent', async (_, headers: Record<string, string>) => {
    const { status, body } = await ask(
      'POST',
      '/v1/identity/sign-in',
      { 'content-type': 'application/json', ...headers },
      '{"a":1}',
    );
    expect([status, body.body]).toEqual([200, '{"a":1}']);
    expect(body.headers['content-type']).toBe(headers['content-type'] ?? 'application/json');
  });

  test('that is none stays none', async () => {
    const { body } = await ask('POST', '/v1/identity/sessions', {
      'content-type': 'application/json',
      'content-length': '0',
    });
    expect([body.body, body.headers['content-type']]).toEqual(['', 'application/json']);
    expect((await ask('DELETE', '/v1/identity/sessions/current')).body).toMatchObject({
      method: 'DELETE',
      body: '',
    });
  });

  test('that is too large goes no further', async () => {
    const { status, type, body } = await ask(
      'POST',
      '/v1/identity/sign-in',
      { 'content-type': 'application/json' },
      'x'.repeat(65_537),
    );
    expect([status, body.code]).toEqual([413, 'too-large']);
    expect(type).toMatch(/^application\/problem\+json/);
  });
});

/** Sends the beginning of a request, and waits for whatever comes. */
function begin(text: string): { readonly socket: Socket; readonly answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined); // cut off is what is wanted
  socket.write(text);
  let heard = '';
  socket.on('data', (part) => (heard += String(part)));
  return { socket, answer: once(socket, 'close').then(() => heard) };
}

const HALF =
  'POST /v1/identity/sign-in HTTP/1.1\r\nhost: localhost:4000\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"a"';

test('bodies that stay half sent take no connection to a service, keep nobody waiting, and end soon after 15 s', async () => {
  await ask('GET', '/v1/domains');
  const before = open.size;
  const began = Date.now();
  const slow = Array.from({ length: 300 }, () => begin(HALF));
  await sleep(500);
  expect(open.size).toBe(before);
  const asked = Date.now();
  expect(
    (await ask('POST', '/v1/identity/sign-in', { 'content-type': 'application/json' }, '{}')).status,
  ).toBe(200);
  expect(Date.now() - asked).toBeLessThan(1_000);
  const answers = await Promise.all(slow.map(({ answer }) => answer));
  expect(Date.now() - began).toBeLessThan(20_000);
  expect(new Set(answers.map((answer) => answer.split('\r\n', 1)[0]))).toEqual(
    new Set(['HTTP/1.1 408 Request Timeout']),
  );
});

test('heads that never end are ended, and those that are too long are a problem', async () => {
  const began = Date.now();
  const { answer } = begin('GET /v1/domains HTTP/1.1\r\nhost: localhost:4000\r\n');
  const long = begin(`GET /v1/domains HTTP/1.1\r\nhost: localhost:4000\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await long.answer).toMatch(/^HTTP\/1.1 431 [^]*application\/problem\+json[^]*"status":431/);
  expect(await begin('no request\r\n\r\n').answer).toMatch(/^HTTP\/1.1 400 [^]*application\/problem\+json/);
  expect(await answer).toMatch(/^HTTP\/1.1 408 [^]*application\/problem\+json/);
  expect(Date.now() - began).toBeLessThan(12_500);
});

test.each(['TRACE', 'QUERY', 'PROPFIND'])(
  '%s is refused as a method, and says which there are',
  async (method) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.write(`${method} /v1/domains HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    await once(socket, 'close');
    const text = Buffer.concat(parts).toString();
    expect(text).toMatch(/^HTTP\/1\.1 405 /);
    expect(text).toMatch(/\r\nallow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n/i);
    expect(text).toMatch(/content-type: application\/problem\+json/i);
  },
);

test('of one address a hundred bodies stay half sent, and another one ends the oldest of them', async () => {
  const head = 'POST /v1/identity/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json';
  let ended = 0;
  const slow = Array.from({ length: 150 }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined); // cut off is what is wanted
    socket.on('close', () => ended++);
    socket.write(`${head}\r\ncontent-length: 500\r\n\r\n{`);
    return socket;
  });
  try {
    await sleep(1_300);
    expect(ended).toBe(0);
    const post = () => fetch(`http://127.0.0.1:${port}/v1/identity/sign-in`, { method: 'POST', body: '{}' });
    expect((await post()).status).toBe(200);
    await sleep(200);
    expect(ended).toBe(51);
    for (let n = 0; n < 20; n++) expect((await post()).status).toBe(200);
    await sleep(200);
    expect(ended).toBe(51); // there is room for those who send at once
  } finally {
    for (const socket of slow) socket.destroy();
  }
});
