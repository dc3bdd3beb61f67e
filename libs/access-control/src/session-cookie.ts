import { parseCookie, stringifySetCookie } from 'cookie';
import { refuse } from '@sparekey/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** With https the browser itself keeps others from setting it (RFC 6265bis, `__Host-`). */
const isSecure = (publicUrl: string) => publicUrl.startsWith('https:');
const nameOf = (name: string, publicUrl: string) => `${isSecure(publicUrl) ? '__Host-' : ''}${name}`;

export const SESSION_COOKIE = 'sparekey-session';

export function readCookie(request: FastifyRequest, name: string, publicUrl: string): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[nameOf(name, publicUrl)];
}

/** Names of cookies that begin so, in the order in which the browser sends them: the oldest first (RFC 6265 section 5.4). */
export function cookieNames({ headers }: FastifyRequest, beginning: string, publicUrl: string): string[] {
  const prefix = nameOf('', publicUrl);
  return Object.keys(parseCookie(headers.cookie ?? ''))
    .filter((name) => name.startsWith(`${prefix}${beginning}`))
    .map((name) => name.slice(prefix.length));
}

/** Out of the reach of scripts, never sent along by other sites' requests. @param seconds 0 takes it away */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  seconds: number,
  publicUrl: string,
): void {
  const attributes = {
    httpOnly: true,
    secure: isSecure(publicUrl),
    sameSite: 'lax',
    path: '/',
    maxAge: Math.floor(seconds),
  } as const;
  void reply.header(
    'set-cookie',
    stringifySetCookie({ name: nameOf(name, publicUrl), value, ...attributes }),
  );
}

/** @returns whether the answer's session is to be set as a cookie @throws Refusal forbidden where another site asks · validation-failed where it says anything else */
export function wantsCookie(request: FastifyRequest, publicUrl: string): boolean {
  const wish = request.headers['sparekey-session'];
  if (wish === undefined) return false;
  if (wish !== 'cookie')
    throw refuse('validation-failed', {
      errors: [{ field: 'Sparekey-Session', message: 'must be cookie, where it is sent' }],
    });
  requireSameOrigin(request, publicUrl);
  return true;
}

/**
 * A cookie comes along by itself, so the request must show that it comes from our own pages: browsers say in `Origin`
 * where a change comes from, and in `Sec-Fetch-Site` where any request comes from; scripts can forge neither.
 *
 * @throws Refusal forbidden
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (foreign || (origin ?? (reads ? publicUrl : undefined)) !== publicUrl) {
    throw refuse('forbidden', { detail: 'a request with a cookie must come from our own pages' });
  }
}
