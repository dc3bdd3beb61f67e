import { ACR, ACR_MEANS, ACR_OF, refuse } from '@sparekey/contracts';
import type { Decision } from '@sparekey/client';
import type { Origin } from '@sparekey/event-sourcing';
import { factorMethod } from '@sparekey/factors';
import type { SessionToken } from '@sparekey/access-control';
import type { IdentityRoom } from './identity.room.ts';
import type { SecondStep } from './second-step.ts';
import {
  sign,
  signInIdOf,
  start,
  startFromResult,
  verify,
  type FirstStep,
  type Session,
} from './sessions.ts';

export type SignedIn =
  | { readonly decision: 'allow'; readonly session: SessionToken }
  | { readonly decision: 'challenge'; readonly challenge: Omit<Challenge, 'decision' | 'url'> }
  | {
      readonly decision: 'enroll';
      readonly skippable: boolean;
      readonly deadline?: string;
      readonly session: SessionToken;
    };
type Challenge = Extract<Decision, { decision: 'challenge' }>;

/** After a first step: asks what comes next, and begins the session that it leads to. */
export async function afterFirstStep(
  room: IdentityRoom,
  secondStep: SecondStep,
  origin: Origin,
  first: FirstStep,
): Promise<SignedIn> {
  const { domain, user, amr, shownAt, context, browser } = first;
  const signInId = signInIdOf(room, first);
  const firstFactor = { amr, authTime: Math.floor(shownAt / 1_000) };
  const decision = await secondStep.openChallenge(domain, {
    userId: user,
    purpose: 'sign-in',
    signInId,
    firstFactor,
    context: { ...context, ...(browser !== undefined && { browser }) },
  });
  switch (decision.decision) {
    case 'allow':
      return {
        decision: 'allow',
        session: await startFromResult(room, origin, await verify(room, domain, decision.result), {
          context,
        }),
      };
    case 'challenge':
      return { decision: 'challenge', challenge: shown(decision) };
    case 'enroll': {
      const { skippable, deadline } = decision;
      const terms = { scope: 'enroll', signInId, amr, acr: ACR.none, context } as const;
      const session = await start(room, origin, terms);
      return { decision: 'enroll', skippable, ...(deadline !== undefined && { deadline }), session };
    }
    case 'deny':
      throw refuse(decision.code);
  }
}

const shown = ({ challengeId, methods, preferred, expiresAt }: Challenge) => ({
  challengeId,
  methods,
  preferred,
  expiresAt,
});

/**
 * Without a result: a session goes on. One that was for enrolling becomes whole where the person has enrolled in it, or
 * has put enrolling off; any other gets a token that lasts as long again as it may stay idle.
 *
 * @throws Refusal not-enrolled
 */
export async function continueSession(
  room: IdentityRoom,
  secondStep: SecondStep,
  origin: Origin,
  session: Session,
  context: FirstStep['context'],
): Promise<SessionToken | Extract<SignedIn, { decision: 'challenge' }>> {
  const { domain, subject: user = '' } = origin;
  if (session.scope !== 'enroll') return sign(room, domain, session);
  const { amr, first_at: authTime, signInId, sid } = session;
  const { twoStep, enabledIn, factors } = await room.guards.user(domain, user);
  const shownIn = factors
    .filter(({ confirmedIn }) => confirmedIn === sid)
    .map(({ kind }) => factorMethod(kind));
  const method = shownIn.find((one) => one?.isSecondFactor);
  if (twoStep && enabledIn === sid && method) {
    const acr = ACR_OF[method.acr];
    const secondAt = room.ports.clock.now();
    return start(room, origin, {
      scope: ACR_MEANS[acr].scope,
      signInId,
      amr: [...new Set([...amr, ...method.amr, 'mfa'])],
      acr,
      secondAt,
      context,
      replaces: session,
    });
  }
  const decision = await secondStep.openChallenge(domain, {
    userId: user,
    purpose: 'sign-in',
    signInId,
    firstFactor: { amr, authTime },
    context,
  });
  switch (decision.decision) {
    case 'allow': {
      const claims = await verify(room, domain, decision.result);
      return startFromResult(room, origin, claims, { context, replaces: session });
    }
    case 'challenge':
      return { decision: 'challenge', challenge: shown(decision) };
    case 'enroll':
      throw refuse('not-enrolled', { skippable: decision.skippable });
    case 'deny':
      throw refuse(decision.code);
  }
}
