import {
  IDENTITY_SERVICE,
  meaningOf,
  refuse,
  type Acr,
  type ResultClaims,
  type SessionScope,
} from '@sparekey/contracts';
import { createResultVerifier, InvalidResult } from '@sparekey/client';
import type { Origin } from '@sparekey/event-sourcing';
import { isSameSecret, type Caller, type SessionToken } from '@sparekey/access-control';
import { accountDecider } from './account.ts';
import type { IdentityRoom } from './identity.room.ts';

/** The first step that somebody has done: a password, or a sign-in at the organisation's provider. */
export interface FirstStep {
  readonly domain: string;
  readonly user: string;
  /** RFC 8176. */
  readonly amr: readonly string[];
  /** How many passwords the account had had when it was done: with another one it is void. */
  readonly passwords: number;
  /** The user's epoch at that time. */
  readonly epoch: number;
  /** When they last showed who they are, which at a provider may have been earlier. */
  readonly shownAt: number;
  readonly context: { readonly ip: string; readonly userAgent?: string };
  /** The browser in which it was done, where this account has signed in in it before. */
  readonly browser?: string;
}

/** A recovery code gets a person in to replace factors, for an hour. */
const FACTORS_MS = 3_600_000;
const HOUR_MS = 3_600_000;

export type Session = NonNullable<NonNullable<Caller['person']>['session']>;

type Binding = Pick<FirstStep, 'passwords' | 'epoch' | 'shownAt'>;
type Whose = Pick<FirstStep, 'domain' | 'user'>;

const sealOf = ({ ports }: IdentityRoom, { domain, user }: Whose, body: string) =>
  ports.blindIndex.of('sign-in-id', domain, user, body).slice(0, 32);

/**
 * The id of a sign-in says what its first step rested on: with another password or epoch it leads to no session. It ends
 * with a MAC over all of it and over whose it is: nobody else can say that a first step was done.
 */
export function signInIdOf(room: IdentityRoom, { domain, user, passwords, epoch, shownAt }: Whose & Binding) {
  const numbers = [passwords, epoch, shownAt].map((number) => number.toString(36));
  const body = [room.ports.random.uuid(), ...numbers].join('.');
  return `${body}.${sealOf(room, { domain, user }, body)}`;
}

/** @throws Refusal `unauthenticated` where this is the id of no sign-in of theirs that began here */
export function bindingOf(room: IdentityRoom, whose: Whose, signInId: string): Binding {
  const end = signInId.lastIndexOf('.');
  const body = signInId.slice(0, Math.max(end, 0));
  if (!isSameSecret(signInId.slice(end + 1), sealOf(room, whose, body))) throw refuse('unauthenticated');
  const [passwords = NaN, epoch = NaN, shownAt = NaN] = body
    .split('.')
    .slice(1)
    .map((text) => Number.parseInt(text, 36));
  return { passwords, epoch, shownAt };
}

/** @throws Refusal `unauthenticated` */
export async function verify(room: IdentityRoom, domain: string, result: string): Promise<ResultClaims> {
  const { signer, clock } = room.ports;
  const verifyResult = createResultVerifier({
    url: room.configuration.publicUrl,
    domain,
    service: IDENTITY_SERVICE,
    keys: { keys: [signer.publicJwk] },
    now: () => clock.now(),
  });
  try {
    return await verifyResult(result);
  } catch (error) {
    if (error instanceof InvalidResult)
      throw refuse('unauthenticated', { detail: 'this is no result for a session' });
    throw error;
  }
}

export interface Beginning {
  readonly context?: FirstStep['context'];
  readonly replaces?: Session;
}

export async function startFromResult(
  room: IdentityRoom,
  origin: Origin,
  { jti, challengeRef, signInId = '', amr, acr, auth_time }: ResultClaims,
  beginning: Beginning,
): Promise<SessionToken> {
  const meaning = meaningOf(acr);
  if (!meaning) throw refuse('unauthenticated', { detail: 'this result says nothing that a session is for' });
  const { scope, isProof } = meaning;
  const secondAt = isProof ? { secondAt: auth_time * 1_000 } : {};
  const terms = { scope, signInId, amr, acr, ...secondAt } as const;
  return start(room, origin, { ...terms, jti, challengeRef, ...beginning });
}

interface Terms extends Beginning {
  readonly scope: SessionScope;
  readonly signInId: string;
  readonly amr: readonly string[];
  readonly acr: Acr;
  /** Unix milliseconds. */
  readonly secondAt?: number;
  readonly jti?: string;
  readonly challengeRef?: string;
}

export async function start(room: IdentityRoom, origin: Origin, terms: Terms): Promise<SessionToken> {
  const { domain, subject: user = '' } = origin;
  const { scope, signInId, amr, acr, secondAt, context, replaces, jti, challengeRef } = terms;
  const { random, vault, clock } = room.ports;
  const { passwords, epoch: begunUnder, shownAt } = bindingOf(room, { domain, user }, signInId);
  const [{ policy }, { epoch }] = await Promise.all([room.domain(domain), room.guards.user(domain, user)]);
  if (epoch !== begunUnder) throw refuse('unauthenticated');
  const longest = scope === 'factors' ? FACTORS_MS : policy.sessions.maxHours * HOUR_MS;
  const expiresAt = clock.now() + longest;
  const sessionId = random.uuid();
  await room.changeAccount(origin, async ({ state, at, eventId }) => {
    const place = { eventId: eventId(0), field: 'context' };
    const sealed = context && {
      context: await vault.seal({ domain, user }, 'context', JSON.stringify(context), place),
    };
    const details = {
      ...(jti !== undefined && { jti }),
      ...(challengeRef !== undefined && { challengeRef }),
      ...(replaces && { replaces: replaces.sid }),
      ...sealed,
    };
    const session = { sessionId, scope, signInId, amr, acr, expiresAt } as const;
    return accountDecider.decide({ type: 'StartSession', ...session, ...details, passwords, at }, state);
  });
  return sign(room, domain, {
    sub: user,
    sid: sessionId,
    session_exp: Math.floor(expiresAt / 1_000),
    scope,
    signInId,
    epoch,
    amr,
    acr,
    first_at: Math.floor(shownAt / 1_000),
    ...(secondAt !== undefined && { second_at: Math.floor(secondAt / 1_000) }),
  });
}

export async function sign(
  room: IdentityRoom,
  domain: string,
  terms: Parameters<IdentityRoom['sessionTokens']['sign']>[1],
): Promise<SessionToken> {
  const { policy } = await room.domain(domain);
  return room.sessionTokens.sign(domain, terms, policy.sessions.idleMinutes);
}
