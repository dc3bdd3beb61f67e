import type { Origin } from '@sparekey/event-sourcing';
import {
  readCookie,
  SESSION_COOKIE,
  setCookie,
  wantsCookie,
  type Correlation,
  type SessionToken,
} from '@sparekey/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentityRoom } from '../identity.room.ts';
import type { FirstStep } from '../sessions.ts';
import { BROWSER_SECONDS, sealBrowser } from '../sign-in.ts';

export const BROWSER_COOKIE = 'sparekey-browser';

/** What a browser is shown of a session; the token itself only where it is not in a cookie. */
export interface SessionView {
  readonly token?: string;
  /** RFC 3339: when it ends unless it is used. */
  readonly expiresAt: string;
}

/** From where a person acts. */
export function contextOf(request: FastifyRequest): FirstStep['context'] {
  const userAgent = request.headers['user-agent']?.slice(0, 512);
  return { ip: request.ip, ...(userAgent !== undefined && userAgent !== '' && { userAgent }) };
}

export const ofUser =
  (correlation: Correlation) =>
  (domain: string, user: string): Origin => ({
    domain,
    subject: user,
    actor: { kind: 'user', id: user },
    ...correlation,
  });

/** Hands sessions over: as a token, or as a cookie where the caller said so in `Sparekey-Session`. */
export class SessionReplies {
  constructor(private readonly room: IdentityRoom) {}

  /** Before anything is done: a wish for a cookie from another site is refused. */
  asksForCookie(request: FastifyRequest): boolean {
    return wantsCookie(request, this.room.configuration.publicUrl);
  }

  give({ token, expiresAt }: SessionToken, asCookie: boolean, reply: FastifyReply): SessionView {
    const shown = { expiresAt: new Date(expiresAt).toISOString() };
    if (!asCookie) return { token, ...shown };
    const seconds = (expiresAt - this.room.ports.clock.now()) / 1_000;
    setCookie(reply, SESSION_COOKIE, token, seconds, this.room.configuration.publicUrl);
    return shown;
  }

  takeBack(reply: FastifyReply): void {
    setCookie(reply, SESSION_COOKIE, '', 0, this.room.configuration.publicUrl);
  }

  /** Remembers that this person has signed in in this browser. */
  rememberBrowser(domain: string, user: string, reply: FastifyReply): void {
    const handle = sealBrowser(this.room, domain, user);
    setCookie(reply, BROWSER_COOKIE, handle, BROWSER_SECONDS, this.room.configuration.publicUrl);
  }

  browserOf(request: FastifyRequest): { readonly browser?: string } {
    const browser = readCookie(request, BROWSER_COOKIE, this.room.configuration.publicUrl);
    return browser === undefined ? {} : { browser };
  }
}
