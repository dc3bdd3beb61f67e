import { addressPrefix } from '@sparekey/canonical';
import { claimStream, refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import { TooManyWaiting, type SlowDigest, type Turn } from '@sparekey/vault';
import type { Account } from './account.ts';
import type { IdentityRoom } from './identity.room.ts';
import { normalizePassword } from './password-strength.ts';
import type { Rejections } from './rejections.ts';
import type { FirstStep } from './sessions.ts';
import type { Attempt, Reservation } from './sign-in-budget.ts';
import { KNOWN_BROWSER } from './sealed-tokens.ts';

export interface PasswordAttempt {
  readonly domain: string;
  readonly login: string;
  readonly password: string;
  readonly context: FirstStep['context'];
  /** Handle of a browser in which somebody has signed in before. */
  readonly browser?: string;
}

/**
 * The password step. A wrong password, an unknown login, an account without a password and an unknown domain are told
 * apart neither by the answer nor by what it costs.
 *
 * @throws Refusal sign-in-refused · too-many-requests
 */
export async function checkPassword(
  room: IdentityRoom,
  rejections: Rejections,
  correlationId: string,
  { domain, login, password, context, browser }: PasswordAttempt,
): Promise<FirstStep> {
  const claim = room.claimOf(domain, login);
  const { holder } = (await room.claims.load(claimStream(claim))).state;
  const account = holder === undefined ? undefined : await room.account(domain, holder);
  const user = account?.claim === claim ? holder : undefined;
  const passwords = account?.living.passwords ?? 0;
  const known = user === undefined ? undefined : browserOf(room, browser, { domain, user, passwords });
  const reject = (looked: boolean): void => {
    if (user === undefined) return;
    const actor = { kind: 'system', id: 'sign-in' } as const;
    rejections.add({ domain, subject: user, actor, correlationId }, JSON.stringify(context), looked);
  };
  const attempt = { login: claim, ip: context.ip, ...(known !== undefined && { knownBrowser: known }) };
  const shownAt = room.ports.clock.now();
  const digest = user === undefined ? undefined : await openDigest(room, domain, user, account!);
  if (!(await look(room, attempt, reject, password, digest)) || user === undefined) {
    throw refuse('sign-in-refused');
  }
  const { epoch } = await room.guards.user(domain, user);
  const where = known === undefined ? { context } : { context, browser: known };
  return { domain, user, amr: ['pwd'], passwords, epoch, shownAt, ...where };
}

/**
 * One hash, within the budget. What is not looked at, because too many wait, is held against nobody.
 *
 * @throws Refusal `too-many-requests` · TooManyWaiting
 */
async function look(
  { budget, ports }: IdentityRoom,
  attempt: Attempt,
  reject: (looked: boolean) => void,
  password: string,
  digest: SlowDigest | undefined,
): Promise<boolean> {
  let reservation: Reservation | undefined;
  try {
    reservation = budget.take(attempt);
    const matches = await ports.slowHash.matches(normalizePassword(password), digest, turnOf(attempt));
    if (matches) reservation.succeeded();
    else reject(true);
    return matches;
  } catch (error) {
    if (error instanceof TooManyWaiting) reservation?.withdraw();
    else reject(false);
    throw error;
  }
}

/** Who is known waits behind nobody who is not; strangers take turns by address. */
const turnOf = ({ login, ip, knownBrowser }: Attempt): Turn =>
  knownBrowser === undefined
    ? { lane: 'sign-in', asker: addressPrefix(ip) }
    : { lane: 'known-browser', asker: `${login} ${knownBrowser}` };

async function openDigest(
  { ports }: IdentityRoom,
  domain: string,
  user: string,
  { password }: Account,
): Promise<SlowDigest | undefined> {
  if (!password) return undefined;
  const context = { eventId: password.eventId, field: 'digest' };
  return JSON.parse(
    await ports.vault.open({ domain, user }, 'password', password.value, context),
  ) as SlowDigest;
}

/**
 * The password of a session's person, once more: under a budget of the session's own.
 *
 * @throws Refusal sign-in-refused · too-many-requests
 */
export async function recheckPassword(
  room: IdentityRoom,
  rejections: Rejections,
  origin: Origin,
  sessionId: string,
  password: string,
  context: FirstStep['context'],
): Promise<void> {
  const { domain, subject: user = '' } = origin;
  const account = await room.account(domain, user);
  const reject = (looked: boolean) => rejections.add(origin, JSON.stringify(context), looked);
  const attempt = { login: account.claim ?? user, ip: context.ip, knownBrowser: sessionId };
  const digest = await openDigest(room, domain, user, account);
  if (!(await look(room, attempt, reject, password, digest))) throw refuse('sign-in-refused');
}

/** How long a browser stays known, in seconds. */
export const BROWSER_SECONDS = 365 * 86_400;

type Known = Pick<FirstStep, 'domain' | 'user' | 'passwords'>;

/**
 * Says that this account has signed in in this browser under this password; it proves nothing, but gives it a budget of
 * its own. With another password no browser is known any more: who collected such cookies guesses no further with them.
 */
export async function sealBrowser(room: IdentityRoom, domain: string, user: string): Promise<string> {
  const { sealedTokens, random, clock } = room.ports;
  const { passwords } = (await room.account(domain, user)).living;
  const expiry = (clock.now() + BROWSER_SECONDS * 1_000).toString(36);
  return sealedTokens.seal(KNOWN_BROWSER, [domain, user, random.uuid(), expiry, String(passwords)]);
}

/** @returns the browser's id, where this account has signed in in it under this password */
export function browserOf(
  { ports }: IdentityRoom,
  handle: string | undefined,
  known: Known,
): string | undefined {
  if (handle === undefined) return undefined;
  const [domain, user, browserId, expiry = '', passwords] =
    ports.sealedTokens.open(KNOWN_BROWSER, handle) ?? [];
  const living = Number.parseInt(expiry, 36) > ports.clock.now() && passwords === String(known.passwords);
  const good = living && domain === known.domain && user === known.user;
  return good ? browserId : undefined;
}
