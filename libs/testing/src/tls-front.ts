import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { temporaryDirectory } from './temporary-directory.ts';

/** Encrypts, as PostgreSQL does when it is asked to, in front of a server that does not; its certificate is for `host`. */
export async function tlsFront(
  host: string,
  to: { readonly hostname: string; readonly port: number },
): Promise<{ readonly port: number; readonly caFile: string; close(): Promise<void> }> {
  const { path, remove } = temporaryDirectory();
  const [key, caFile] = [join(path, 'key.pem'), join(path, 'ca.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=front'];
  const subject = ['-addext', `subjectAltName=DNS:${host}`, '-keyout', key, '-out', caFile];
  execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(caFile) });
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // a client that does not trust goes away
    socket.once('data', () => {
      socket.write('S');
      const inside = new TLSSocket(socket, { isServer: true, secureContext });
      const outside = connect(to.port, to.hostname);
      inside.on('error', () => outside.destroy());
      outside.on('error', () => inside.destroy());
      inside.pipe(outside).pipe(inside);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    caFile,
    async close() {
      server.close();
      remove();
    },
  };
}
