import { accountStream, claimStream, refuse } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { SlowDigest } from '@sparekey/vault';
import type { IdentityRoom } from './identity.room.ts';
import { normalizePassword } from './password-strength.ts';
import type { Rejections } from './rejections.ts';
import type { FirstStep } from './sessions.ts';

/** Passwords that may wait for their turn; more are refused at once, so that a flood costs no memory. */
const QUEUE = 50;

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
  const { clock, slowHash } = room.ports;
  const claim = room.claimOf(domain, login);
  const { holder: user } = (await room.claims.load(claimStream(claim))).state;
  const account =
    user === undefined ? undefined : (await room.accounts.load(accountStream(domain, user))).state;
  const owner = account?.claim === claim ? user : undefined;
  const knownBrowser = owner === undefined ? undefined : browserOf(room, browser, domain, owner);
  const reject = async (looked: boolean) => {
    if (owner === undefined) return;
    const actor = { kind: 'system', id: 'sign-in' } as const;
    await rejections.add({ domain, subject: owner, actor, correlationId }, JSON.stringify(context), looked);
  };
  const reservation = await takeOrTell(room, { login: claim, ip: context.ip, ...knownBrowser }, reject);
  const digest = owner === undefined ? undefined : await openDigest(room, domain, owner);
  if (!(await slowHash.matches(normalizePassword(password), digest, QUEUE)) || owner === undefined) {
    await reject(true);
    throw refuse('sign-in-refused');
  }
  reservation.succeeded();
  const at = clock.now();
  return { domain, user: owner, amr: ['pwd'], at, shownAt: at, context };
}

async function takeOrTell(
  room: IdentityRoom,
  attempt: Parameters<IdentityRoom['budget']['take']>[0],
  reject: (looked: boolean) => Promise<void>,
) {
  try {
    return room.budget.take(attempt);
  } catch (refusal) {
    await reject(false);
    throw refusal;
  }
}

async function openDigest(room: IdentityRoom, domain: string, user: string): Promise<SlowDigest | undefined> {
  const { password } = await room.account(domain, user);
  if (!password) return undefined;
  const context = { eventId: password.eventId, field: 'digest' };
  return JSON.parse(
    await room.ports.vault.open({ domain, user }, 'password', password.value, context),
  ) as SlowDigest;
}

/**
 * The password of a session's person, once more: under the budget of a browser that the account knows.
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
  const { claim = user } = await room.account(domain, user);
  const reject = (looked: boolean) => rejections.add(origin, JSON.stringify(context), looked);
  const attempt = { login: claim, ip: context.ip, knownBrowser: sessionId };
  const reservation = await takeOrTell(room, attempt, reject);
  const digest = await openDigest(room, domain, user);
  if (!(await room.ports.slowHash.matches(normalizePassword(password), digest, QUEUE))) {
    await reject(true);
    throw refuse('sign-in-refused');
  }
  reservation.succeeded();
}

/** How long a browser stays known, in seconds. */
export const BROWSER_SECONDS = 365 * 86_400;

/** Says that this account has signed in in this browser; it proves nothing, but gives it a budget of its own. */
export function sealBrowser({ ports }: IdentityRoom, domain: string, user: string): string {
  const expiry = (ports.clock.now() + BROWSER_SECONDS * 1_000).toString(36);
  return ports.handles.seal('known-browser', [domain, user, ports.random.uuid(), expiry]);
}

function browserOf({ ports }: IdentityRoom, handle: string | undefined, domain: string, user: string) {
  if (handle === undefined) return undefined;
  const [ofDomain, ofUser, browserId, expiry = ''] = ports.handles.open('known-browser', handle) ?? [];
  const good = ofDomain === domain && ofUser === user && Number.parseInt(expiry, 36) > ports.clock.now();
  return good && browserId !== undefined ? { knownBrowser: browserId } : undefined;
}
