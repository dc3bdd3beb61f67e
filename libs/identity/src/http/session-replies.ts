import type { Origin } from '@sparekey/event-sourcing';
import { addressReader, type AddressOf, type Correlation } from '@sparekey/platform';
import {
  cookieNames,
  readCookie,
  SESSION_COOKIE,
  setCookie,
  wantsCookie,
  type SessionToken,
} from '@sparekey/access-control';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentityRoom } from '../identity.room.ts';
import { PROVIDER_SECONDS } from '../provider-sign-in.ts';
import type { FirstStep } from '../sessions.ts';
import { BROWSER_SECONDS, sealBrowser } from '../sign-in.ts';

export const BROWSER_COOKIE = 'sparekey-browser';
const PROVIDER_COOKIE = 'sparekey-provider-';
/** Sign-ins through a provider that one browser may have under way: their cookies go with every request. */
const MOST_TRANSACTIONS = 5;
const STATE = /^[A-Za-z0-9_-]{43}$/;
const transactionName = (state: string) => `${PROVIDER_COOKIE}${state.slice(0, 12)}`;

/** What a browser is shown of a session; the token itself only where it is not in a cookie. */
export interface SessionView {
  readonly token?: string;
  /** RFC 3339: when it ends unless it is used. */
  readonly expiresAt: string;
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
  readonly #addressOf: AddressOf;

  constructor(private readonly room: IdentityRoom) {
    this.#addressOf = addressReader(room.configuration);
  }

  /** From where a person acts. */
  contextOf(request: FastifyRequest): FirstStep['context'] {
    const userAgent = request.headers['user-agent']?.slice(0, 512);
    const ip = this.#addressOf(request);
    return { ip, ...(userAgent !== undefined && userAgent !== '' && { userAgent }) };
  }

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
  async rememberBrowser(domain: string, user: string, reply: FastifyReply): Promise<void> {
    const handle = await sealBrowser(this.room, domain, user);
    setCookie(reply, BROWSER_COOKIE, handle, BROWSER_SECONDS, this.room.configuration.publicUrl);
  }

  /** A browser may have several sign-ins under way, one a tab; the oldest are forgotten. */
  keepTransaction(request: FastifyRequest, reply: FastifyReply, state: string, transaction: string): void {
    const { publicUrl } = this.room.configuration;
    const kept = cookieNames(request, PROVIDER_COOKIE, publicUrl);
    for (const name of kept.slice(0, Math.max(0, kept.length + 1 - MOST_TRANSACTIONS)))
      setCookie(reply, name, '', 0, publicUrl);
    setCookie(reply, transactionName(state), transaction, PROVIDER_SECONDS, publicUrl);
  }

  /** @returns the sealed transaction that this browser began under this state: once */
  takeTransaction(request: FastifyRequest, reply: FastifyReply, state: string): string | undefined {
    if (!STATE.test(state)) return undefined;
    const { publicUrl } = this.room.configuration;
    const transaction = readCookie(request, transactionName(state), publicUrl);
    if (transaction !== undefined) setCookie(reply, transactionName(state), '', 0, publicUrl);
    return transaction;
  }

  browserOf(request: FastifyRequest): { readonly browser?: string } {
    const browser = readCookie(request, BROWSER_COOKIE, this.room.configuration.publicUrl);
    return browser === undefined ? {} : { browser };
  }
}
