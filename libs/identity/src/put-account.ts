import { claimStream, refuse } from '@sparekey/contracts';
import { askerOf, type Origin } from '@sparekey/event-sourcing';
import { accountDecider, type Account } from './account.ts';
import { claimDecider } from './claims.ts';
import type { IdentityRoom } from './identity.room.ts';
import { normalizePassword, requireStrongPassword } from './password-strength.ts';

/**
 * Opens an account for a user, or gives it another login and, where there is one, another password, which ends every
 * session. The login is claimed first: of two who want one, in any case and script, one gets it.
 *
 * @param mayManage whether the caller may change accounts of people who exist already; any service gives one to who has
 * neither an account nor two-step verification
 * @returns whether the account is new
 * @throws Refusal not-found · forbidden · already-exists · policy-refused
 */
export async function putAccount(
  room: IdentityRoom,
  origin: Origin,
  { login, password }: { readonly login: string; readonly password?: string },
  mayManage: boolean,
): Promise<boolean> {
  const { domain, subject: user = '' } = origin;
  await room.domain(domain);
  const { contacts, twoStep } = await room.guards.user(domain, user);
  if (!contacts)
    throw refuse('not-found', { detail: 'there is no such user in this domain: PUT users/{user} makes one' });
  const requireManages = ({ claim }: Pick<Account, 'claim'>) => {
    if (mayManage || (claim === undefined && !twoStep)) return;
    throw refuse('forbidden', {
      detail: 'a service changes accounts of people who exist already where it is registered with manages',
    });
  };
  const claim = room.claimOf(domain, login);
  const before = await room.account(domain, user);
  if (password !== undefined || before.claim !== claim) requireManages(before);
  const digest = password === undefined ? undefined : await digestOf(room, origin, password, [login, user]);
  await claimLogin(room, origin, claim);
  const { vault } = room.ports;
  let former: string | undefined;
  const { events } = await room.changeAccount(origin, async ({ state, eventId }) => {
    if ((await room.claims.load(claimStream(claim))).state.holder !== user) throw refuse('already-exists');
    former = state.claim;
    const same = state.claim === claim && (await openLogin(room, domain, user, state.login!)) === login;
    const context = { eventId: eventId(0), field: 'login' };
    const sealed = await vault.seal({ domain, user }, 'contact', login, context);
    const put = same ? [] : accountDecider.decide({ type: 'PutLogin', login: sealed, claim }, state);
    if (put.length > 0 || digest !== undefined) requireManages(state);
    if (digest === undefined) return put;
    const opened = { ...state, claim };
    return [...put, ...(await setPassword(room, origin, { digest }, eventId(put.length), opened))];
  });
  if (former !== undefined && former !== claim) await releaseLogin(room, origin, former);
  return events.some(({ type }) => type === 'AccountOpened');
}

/** @throws Refusal `policy-refused` · TooManyWaiting */
export async function digestOf(
  room: IdentityRoom,
  origin: Origin,
  password: string,
  words: readonly string[],
): Promise<string> {
  const { domain } = origin;
  const { policy, displayName = domain } = await room.domain(domain);
  const normalized = normalizePassword(password);
  const known = [...words, domain, displayName, 'sparekey'];
  await requireStrongPassword(normalized, policy.passwords.minLength, known, origin);
  return JSON.stringify(await room.ports.slowHash.digest(normalized, askerOf(origin)));
}

/** The facts of a new password. @param digest as {@link digestOf} made it */
export async function setPassword(
  { ports }: IdentityRoom,
  { domain, subject: user = '' }: Origin,
  { digest, sessionId }: { readonly digest: string; readonly sessionId?: string },
  eventId: string,
  state: Parameters<typeof accountDecider.decide>[1],
) {
  const context = { eventId, field: 'digest' };
  const sealed = await ports.vault.seal({ domain, user }, 'password', digest, context);
  const inSession = sessionId === undefined ? {} : { sessionId };
  return accountDecider.decide({ type: 'SetPassword', digest: sealed, ...inSession }, state);
}

export function openLogin(
  { ports }: IdentityRoom,
  domain: string,
  user: string,
  login: { readonly value: string; readonly eventId: string },
): Promise<string> {
  const context = { eventId: login.eventId, field: 'login' };
  return ports.vault.open({ domain, user }, 'contact', login.value, context);
}

async function claimLogin(room: IdentityRoom, origin: Origin, claim: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeClaim(origin, claim, async ({ state, at }) => {
    const { holder } = state;
    const inUse = holder !== undefined && (await room.account(domain, holder)).claim === claim;
    return claimDecider.decide({ type: 'ClaimLogin', claim, user, inUse, at }, state);
  });
}

async function releaseLogin(room: IdentityRoom, origin: Origin, claim: string): Promise<void> {
  const { domain, subject: user = '' } = origin;
  await room.changeClaim(origin, claim, async ({ state }) => {
    if ((await room.account(domain, user)).claim === claim) return []; // it was taken up again meanwhile
    return claimDecider.decide({ type: 'ReleaseLogin', claim, user }, state);
  });
}
