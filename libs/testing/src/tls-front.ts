import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { temporaryDirectory } from './temporary-directory.ts';

/** A key and a certificate for `host` that nobody has signed but itself, as files in PEM. */
export function selfSigned(
  host: string,
  directory: string,
): { readonly keyFile: string; readonly caFile: string } {
  const [keyFile, caFile] = [join(directory, 'key.pem'), join(directory, 'ca.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=front'];
  const subject = ['-addext', `subjectAltName=DNS:${host}`, '-keyout', keyFile, '-out', caFile];
  execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
  return { keyFile, caFile };
}

/**
 * Encrypts in front of a server that does not; its certificate is for `host`.
 *
 * @param opening `ask`: when it is asked to, as PostgreSQL does; `at once`: as everybody else, for HTTP/2
 */
export async function tlsFront(
  host: string,
  to: { readonly hostname: string; readonly port: number },
  opening: 'ask' | 'at once',
): Promise<{ readonly port: number; readonly caFile: string; close(): Promise<void> }> {
  const { path, remove } = temporaryDirectory();
  const { keyFile, caFile } = selfSigned(host, path);
  const secureContext = createSecureContext({ key: readFileSync(keyFile), cert: readFileSync(caFile) });
  const secure = (socket: Socket) => {
    const inside = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['h2'] });
    const outside = connect(to.port, to.hostname);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
    inside.pipe(outside).pipe(inside);
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // a client that does not trust goes away
    if (opening === 'at once') return secure(socket);
    socket.once('data', () => {
      socket.write('S');
      secure(socket);
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
