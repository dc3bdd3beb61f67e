/* A service of one's own that asks Sparekey for the second step: npm run example (docs/integration.md explains it). */
import { createServer } from 'node:http';
import { createResultVerifier, createVerifier, SparekeyClient } from '@sparekey/client';

const {
  SPAREKEY_URL: url = 'http://localhost:4000',
  SPAREKEY_TOKEN: token = '',
  PORT = '3000',
} = process.env;
const [domain, service, returnUrl] = ['acme', 'shop', `http://localhost:${PORT}/back`];
const sparekey = new SparekeyClient({ url, domain, token });
const verify = createResultVerifier({ url, domain, service });
const underWay = new Map<string, string>(); // what each browser keeps, by sign-in: use your own session for it
const seen = new Set<string>(); // results that were accepted: each is good once

createServer((request, response) => {
  void (async () => {
    const { pathname, searchParams } = new URL(request.url!, returnUrl);
    if (pathname === '/sign-in') {
      // here your own first step has just been passed, by `user`
      const user = searchParams.get('user') ?? '';
      const [signInId, { codeVerifier, codeChallenge }] = [crypto.randomUUID(), createVerifier()];
      const firstFactor = { amr: ['pwd'], authTime: Math.floor(Date.now() / 1000) };
      const decision = await sparekey.openChallenge({
        userId: user,
        purpose: 'sign-in',
        signInId,
        firstFactor,
        returnUrl,
        codeChallenge,
      });
      if (decision.decision !== 'challenge') return response.end(`no challenge: ${decision.decision}\n`);
      underWay.set(signInId, codeVerifier);
      return response
        .writeHead(303, {
          location: decision.url!,
          'set-cookie': `signIn=${signInId}; HttpOnly; SameSite=Lax`,
        })
        .end();
    }
    const signInId = /signIn=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const codeVerifier = underWay.get(signInId);
    if (pathname !== '/back' || !codeVerifier)
      return response.writeHead(404).end('nothing was begun in this browser\n');
    const { sub, jti, acr, ...claims } = await verify(
      await sparekey.takeResult(searchParams.get('code') ?? '', codeVerifier),
    );
    if (claims.signInId !== signInId || seen.has(jti))
      return response.writeHead(403).end('not this sign-in\n');
    seen.add(jti);
    return response.end(`welcome, ${sub} (${acr})\n`);
  })().catch((error: Error) => response.writeHead(502).end(`${error.message}\n`));
}).listen(Number(PORT), 'localhost', () => console.log(`http://localhost:${PORT}/sign-in?user=ada`));
