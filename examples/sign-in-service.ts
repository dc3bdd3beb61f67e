import { createServer } from 'node:http';
import { createResultVerifier, createVerifier, SparekeyClient } from '@sparekey/client';

const {
  SPAREKEY_URL: url = 'http://localhost:4000',
  SPAREKEY_TOKEN: token = '',
  PORT = '3000',
} = process.env;
const returnUrl = `http://localhost:${PORT}/back`;
const sparekey = new SparekeyClient({ url, domain: 'acme', token });
const verify = createResultVerifier({ url, domain: 'acme', service: 'shop' });
const verifiers = new Map<string, string>(); // by sign-in, and only its browser has the cookie that names it

/** Your own first step was just passed by this user. @returns where to send the browser, with which cookie */
async function begin(userId: string) {
  const [signInId, { codeVerifier, codeChallenge }] = [crypto.randomUUID(), createVerifier()];
  const firstFactor = { amr: ['pwd'], authTime: Math.floor(Date.now() / 1000) };
  const asked = { userId, purpose: 'sign-in', signInId, firstFactor, returnUrl, codeChallenge } as const;
  const decision = await sparekey.openChallenge(asked);
  if (decision.decision !== 'challenge') throw new Error(`not enrolled: ${decision.decision}`);
  verifiers.set(signInId, codeVerifier);
  return { location: decision.url!, 'set-cookie': `signIn=${signInId}; HttpOnly; SameSite=Lax` };
}

/** The browser is back. @returns who has signed in, and how surely */
async function finish(code: string, signInId: string) {
  const codeVerifier = verifiers.get(signInId);
  if (!codeVerifier) throw new Error('nothing was begun in this browser');
  const result = await verify(await sparekey.takeResult(code, codeVerifier));
  if (result.signInId !== signInId || !verifiers.delete(signInId)) throw new Error('not this sign-in');
  return `welcome, ${result.sub} (${result.acr})\n`;
}

createServer((request, response) => {
  const { pathname, searchParams: query } = new URL(request.url!, returnUrl);
  const signInId = /signIn=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const done =
    pathname === '/sign-in'
      ? begin(query.get('user') ?? '').then((headers) => response.writeHead(303, headers).end())
      : finish(query.get('code') ?? '', signInId).then((text) => response.end(text));
  done.catch((error: Error) => response.writeHead(403).end(`${error.message}\n`));
}).listen(Number(PORT), 'localhost', () => console.log(`http://localhost:${PORT}/sign-in?user=ada`));
