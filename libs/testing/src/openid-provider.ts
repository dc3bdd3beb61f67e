import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID provider on loopback that lets everybody straight in, and differs from the standard where a test says so. */
export class OpenIdProvider {
  /** Claims of the next ID token, beside or in place of its own. */
  claims: Record<string, unknown> = {};
  /** How far its clock is ahead (seconds). */
  ahead = 0;
  /** What it calls itself, where that is not its address. */
  issuer = '';
  /** What stands in the place of the token that it signs. */
  forge: ((claims: object) => string | Promise<string>) | undefined;
  readonly #server: Server = createServer();
  readonly #nonces = new Map<string, string>();
  #keys = generateKeyPair('RS256');

  async start(): Promise<void> {
    this.#server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', this.address);
      if (url.pathname !== '/token') return void this.#answer(url, response);
      let body = '';
      request.on('data', (data) => (body += String(data)));
      request.on('end', () => void this.#token(new URLSearchParams(body), response));
    });
    this.#server.listen(0, 'localhost');
    await once(this.#server, 'listening');
    this.issuer = this.address;
  }

  get address(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The person has signed in. @param url where Sparekey sent the browser @returns the code for the callback */
  code(url: string): string {
    const code = randomUUID();
    this.#nonces.set(code, new URL(url).searchParams.get('nonce') ?? '');
    return code;
  }

  async idToken(claims: object): Promise<string> {
    const at = Math.floor(Date.now() / 1_000) + this.ahead;
    const own = { iss: this.issuer, aud: 'sparekey', sub: 'grace', iat: at, exp: at + 300, auth_time: at };
    const { privateKey } = await this.#keys;
    const given = Object.fromEntries(
      Object.entries({ ...own, ...claims, ...this.claims }).filter(([, v]) => v !== undefined),
    );
    if (this.forge) return this.forge(given);
    return new SignJWT(given).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey);
  }

  async #answer({ pathname }: URL, response: ServerResponse): Promise<void> {
    if (pathname.endsWith('/.well-known/openid-configuration'))
      return send(response, {
        issuer: this.issuer,
        authorization_endpoint: `${this.address}/authorize`,
        token_endpoint: `${this.address}/token`,
        jwks_uri: `${this.address}/jwks`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    if (pathname !== '/jwks') return send(response, { error: 'not_found' }, 404);
    const { publicKey } = await this.#keys;
    return send(response, {
      keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }],
    });
  }

  async #token(body: URLSearchParams, response: ServerResponse): Promise<void> {
    const nonce = this.#nonces.get(body.get('code') ?? '');
    if (nonce === undefined) return send(response, { error: 'invalid_grant' }, 400);
    const token = { access_token: 'x', token_type: 'Bearer', expires_in: 300 };
    return send(response, { ...token, id_token: await this.idToken({ nonce }) });
  }
}

function send(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
