import { issuerOf, meaningOf, refuse, type ResultClaims } from '@sparekey/contracts';
import type { Origin } from '@sparekey/event-sourcing';
import type { SessionToken } from '@sparekey/access-control';
import { decodeJwt, errors } from 'jose';
import { accountDecider } from './account.ts';
import type { IdentityRoom } from './identity.room.ts';
import { sign, startFromResult, verify, type FirstStep, type Session } from './sessions.ts';

export interface Exchanged {
  readonly domain: string;
  readonly user: string;
  readonly session: SessionToken;
}

/** Where a result is from, before it is believed: which domain's keys and names it has to be checked against. */
function domainOf(room: IdentityRoom, result: string): string {
  try {
    const prefix = issuerOf(room.configuration.publicUrl, '');
    const { iss = '' } = decodeJwt(result);
    return iss.startsWith(prefix) ? iss.slice(prefix.length) : '';
  } catch (error) {
    if (error instanceof errors.JOSEError) return '';
    throw error;
  }
}

/**
 * With a factor the session has passed a second step, whatever it had before. A recovery code freshens one that had passed
 * it; it makes no session worth more, as it would not at a sign-in.
 *
 * @throws Refusal forbidden
 */
function strengthened(session: Session, { acr, amr, auth_time }: ResultClaims): Session {
  const [shown, had] = [meaningOf(acr), meaningOf(session.acr)];
  if (shown?.isSecondStep)
    return { ...session, acr, amr: [...new Set([...session.amr, ...amr])], second_at: auth_time };
  if (!shown?.isProof || !had?.isSecondStep)
    throw refuse('forbidden', {
      detail: 'a recovery code alone does not raise this session: sign in with it',
    });
  return { ...session, second_at: auth_time };
}

/**
 * Exchanges a result, once: of a sign-in for a session, of a re-authentication for a fresher token of the session that
 * asked for it.
 *
 * @throws Refusal unauthenticated · result-taken
 */
export async function exchangeResult(
  room: IdentityRoom,
  originOf: (domain: string, user: string) => Origin,
  result: string,
  current: Session | undefined,
  context: FirstStep['context'],
): Promise<Exchanged> {
  const domain = domainOf(room, result);
  const claims = await verify(room, domain, result);
  const origin = originOf(domain, claims.sub);
  if (claims.purpose === 'sign-in') {
    const goesOn = current?.scope === 'enroll' && current.signInId === claims.signInId;
    const session = await startFromResult(room, origin, claims, {
      context,
      ...(goesOn && { replaces: current }),
    });
    return { domain, user: claims.sub, session };
  }
  if (
    claims.purpose !== 're-authentication' ||
    current?.sid !== claims.signInId ||
    current?.sub !== claims.sub
  )
    throw refuse('unauthenticated', { detail: 'this result is of another session' });
  const { sid: sessionId } = current;
  const { jti, challengeRef } = claims;
  const terms = strengthened(current, claims);
  await room.changeAccount(origin, async ({ state, at }) =>
    accountDecider.decide(
      { type: 'ConfirmSession', sessionId, by: 'second-step', jti, challengeRef, at },
      state,
    ),
  );
  return { domain, user: claims.sub, session: await sign(room, domain, terms) };
}
