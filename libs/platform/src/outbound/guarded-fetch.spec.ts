import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createGuardedFetch } from './guarded-fetch.ts';

let server: Server;
let url: string;
let answer: { readonly body: Buffer; readonly encoding?: string };
const { fetch } = createGuardedFetch({ allowLoopback: true, allowNetworks: [] });

beforeAll(async () => {
  server = createServer((_, response) => {
    if (answer.encoding !== undefined) response.setHeader('content-encoding', answer.encoding);
    response.setHeader('content-type', 'application/json').end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const PACKERS = { br: brotliCompressSync, gzip: gzipSync, deflate: deflateSync };

test.each(Object.entries(PACKERS))(
  'an answer packed by %s is unpacked, and no further than 64 KiB',
  async (encoding, pack) => {
    const endless = pack(Buffer.alloc(50_000_000, '0')); // takes seconds, in which a kept connection would be closed
    answer = { encoding, body: pack('{"keys":[]}') };
    expect(await (await fetch(url)).json()).toEqual({ keys: [] });
    answer = { encoding, body: pack(`"${'x'.repeat(65_534)}"`) };
    expect(await (await fetch(url)).json()).toHaveLength(65_534);
    answer = { encoding, body: endless };
    const before = process.memoryUsage.rss();
    await expect((await fetch(url)).text()).rejects.toThrow('longer than 65536 bytes');
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1_048_576);
  },
);

test('an answer that is not packed is bounded just so', async () => {
  answer = { body: Buffer.alloc(65_536, '0') };
  expect(await (await fetch(url)).text()).toHaveLength(65_536);
  answer = { body: Buffer.alloc(65_537, '0') };
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
});

test.each([
  '[::7f00:1]',
  '[::127.0.0.1]',
  '[::a9fe:a9fe]',
  '[::ffff:127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fd00::1]',
  '0.0.0.0',
  '2130706433',
  '0x7f.1',
  '127.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
])('%s is asked by nobody out in the open', async (host) => {
  const open = createGuardedFetch({ allowLoopback: false, allowNetworks: [] });
  expect(await open.judge(`https://${host}/`)).toContain('private network');
  await expect(open.fetch(`https://${host}/`)).rejects.toThrow('private network');
});
