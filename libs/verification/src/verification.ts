import {
  emptyLedger,
  evolveLedger,
  isConsumed,
  refuse,
  verificationSummary,
  type Ledger,
  type VerificationFact,
} from '@sparekey/contracts';
import { factorMethod } from '@sparekey/factors';
import { foldOf, type Decider, type Fold, type Recorded } from '@sparekey/event-sourcing';
import {
  displacedBy,
  evolveChallenges,
  MAX_DELIVERIES,
  MAX_PROMPTS,
  type Challenge,
  type Challenges,
} from './challenges.ts';
import { evolveDeliveries, requireRoomForOneMore, type Deliveries } from './deliveries.ts';
import type {
  Answer,
  OpenChallenge,
  PromptChallenge,
  SignInByPasskey,
  VerificationCommand,
} from './commands.ts';
import { passedBy } from './proof.ts';
import { evolveLocks, HARD_CAP, noLocks, throttleOf, waitAfter, waitsUntil, type Locks } from './locks.ts';

/*
 * Everything that is checked about one user.
 *
 * - What an answer uses up is used up in the same append that passes the challenge, so it passes one, once, whoever races.
 * - Every failure counts in the append that records it, and is answered only afterwards: one budget over all challenges,
 *   methods and processes.
 * - Wrong, spent and unknown codes are one and the same fact.
 * - After too many failures answers wait, right or wrong, and every open challenge is closed to them; the account is never locked.
 *   Methods that nobody could guess neither wait nor count.
 * - An answer to a challenge that is not open is refused and not counted.
 * - What was opened under an earlier epoch is dead.
 * - The result of a hosted challenge is given once.
 * - Codes go out to one address and to one user so often at most, whoever asks; none counts longer than its challenge.
 * - Nobody opens so many challenges that others find no room: the oldest of whoever has most of them give way.
 */

export interface Verification {
  readonly challenges: Challenges;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly deliveries: Deliveries;
}

function evolve(state: Verification, event: Recorded<VerificationFact>): Verification {
  const challenges = evolveChallenges(state.challenges, event);
  return {
    challenges: event.type === 'WaitStarted' ? closeToWaiting(challenges) : challenges,
    ledger: evolveLedger(state.ledger, event),
    locks: evolveLocks(state.locks, event),
    deliveries: evolveDeliveries(state.deliveries, event),
  };
}

function closeToWaiting(challenges: Challenges): Challenges {
  const closed = ([ref, challenge]: [string, Challenge]) =>
    [ref, challenge.state === 'open' ? { ...challenge, waited: true as const } : challenge] as const;
  return Object.fromEntries(Object.entries(challenges).map(closed));
}

function find(challenges: Challenges, challengeRef: string): Challenge {
  const challenge = challenges[challengeRef];
  if (challenge) return challenge;
  throw refuse('not-found', { detail: 'this challenge is not known, or newer ones took its place' });
}

/**
 * Whether this challenge can be answered by this method now, before anything about the code is looked at.
 *
 * @throws Refusal not-found · locked with `retryAfter` (seconds) · challenge-closed, in this order
 */
export function admit(
  { challenges, locks }: Verification,
  answer: Pick<Answer, 'challengeRef' | 'method' | 'factorId' | 'at'> & { readonly epoch: number },
): Challenge {
  const challenge = find(challenges, answer.challengeRef);
  const until = waitsUntil(locks, answer.method, answer.at);
  if (until !== undefined) throw refuse('locked', { retryAfter: Math.ceil((until - answer.at) / 1_000) });
  if (answer.factorId !== undefined && locks.suspended.includes(answer.factorId)) {
    throw refuse('locked', { detail: 'this factor is suspended after too many failures' });
  }
  const isClosed = challenge.waited && throttleOf(answer.method) !== 'never';
  if (challenge.state !== 'open' || isClosed || challenge.epoch !== answer.epoch)
    throw refuse('challenge-closed');
  return challenge;
}

function decideAnswer(answer: Answer, { challenges, ledger, locks }: Verification): VerificationFact[] {
  const { challengeRef, method, factorId, proof, guards, policy, at } = answer;
  const challenge = challenges[challengeRef]!;
  if (proof && !isConsumed(ledger, proof)) return [passedBy(challengeRef, proof, guards)];
  const attemptsLeft = Math.max(0, policy.challenge.attempts - challenge.rejected - 1);
  const rejection = {
    challengeRef,
    method,
    ...(factorId !== undefined && { factorId }),
    service: challenge.service,
    attemptsLeft,
  };
  const facts: VerificationFact[] = [{ type: 'CodeRejected', data: rejection }];
  if (attemptsLeft === 0) facts.push({ type: 'ChallengeEnded', data: { challengeRef, reason: 'attempts' } });
  if (answer.isCloneSuspected && factorId !== undefined)
    facts.push({ type: 'CloneSuspected', data: { challengeRef, factorId, service: challenge.service } });
  if (throttleOf(method) === 'never') return facts;
  const failures = locks.failures + 1;
  const wait = waitAfter(failures, policy.waits);
  if (wait > 0) facts.push({ type: 'WaitStarted', data: { failures, until: at + wait } });
  const ofFactor = factorId === undefined ? 0 : (locks.byFactor[factorId] ?? 0) + 1;
  if (ofFactor >= HARD_CAP)
    facts.push({ type: 'FactorSuspended', data: { factorId: factorId!, failures: ofFactor } });
  return facts;
}

function open({ type: _, at, ...data }: OpenChallenge, { challenges }: Verification): VerificationFact[] {
  const { firstFactor, ...rest } = data;
  const given = firstFactor && { firstFactor: { ...firstFactor, amr: [...firstFactor.amr] } };
  const displaced = displacedBy(challenges, at).map((challengeRef): VerificationFact => ({
    type: 'ChallengeEnded',
    data: { challengeRef, reason: 'displaced' },
  }));
  return [{ type: 'ChallengeOpened', data: { ...rest, ...given } }, ...displaced];
}

function signInByPasskey(command: SignInByPasskey, state: Verification): VerificationFact[] {
  const { challengeRef, service, epoch, expiresAt, factorId, proof, isCloneSuspected, guards, at } = command;
  const opened = open(
    {
      type: 'OpenChallenge',
      purpose: 'sign-in',
      challengeRef,
      service,
      byAnswer: true,
      epoch,
      expiresAt,
      at,
    },
    state,
  );
  if (proof && !isConsumed(state.ledger, proof)) return [...opened, passedBy(challengeRef, proof, guards)];
  if (!isCloneSuspected) return [];
  const suspected: VerificationFact = { type: 'CloneSuspected', data: { challengeRef, factorId, service } };
  return [...opened, suspected, { type: 'ChallengeEnded', data: { challengeRef, reason: 'attempts' } }];
}

function prompt(
  { challengeRef, method, prepared, factorId, deliver, at }: PromptChallenge,
  { challenges, deliveries }: Verification,
): VerificationFact[] {
  const { prompted: times = 0, delivered = 0, expiresAt: end = 0 } = challenges[challengeRef] ?? {};
  if (times >= MAX_PROMPTS || (deliver && delivered >= MAX_DELIVERIES))
    throw refuse('challenge-closed', { detail: 'it was asked for too often: open another challenge' });
  const prompted = { challengeRef, method, prepared };
  const channel = factorMethod(method)?.deliversBy;
  if (!deliver || !channel || factorId === undefined) return [{ type: 'ChallengePrompted', data: prompted }];
  requireRoomForOneMore(deliveries, factorId, at);
  const expiresAt = Math.min(at + deliver.seconds * 1_000, end);
  return [
    { type: 'ChallengePrompted', data: { ...prompted, factorId, expiresAt } },
    { type: 'DeliveryRequested', data: { factorId, channel, delivery: deliver.delivery, expiresAt } },
  ];
}

function takeResult(challengeRef: string, { challenges }: Verification): VerificationFact[] {
  const challenge = find(challenges, challengeRef);
  if (challenge.taken) throw refuse('result-taken');
  if (challenge.state !== 'passed') throw refuse('challenge-closed');
  return [{ type: 'ResultTaken', data: { challengeRef } }];
}

function cancel(challengeRef: string, { challenges }: Verification): VerificationFact[] {
  const challenge = find(challenges, challengeRef);
  if (challenge.state === 'cancelled') return [];
  if (challenge.state !== 'open') throw refuse('challenge-closed');
  return [{ type: 'ChallengeEnded', data: { challengeRef, reason: 'cancelled' } }];
}

function voidPass(challengeRef: string, { challenges }: Verification): VerificationFact[] {
  return challenges[challengeRef]?.state === 'passed' ? [{ type: 'PassVoided', data: { challengeRef } }] : [];
}

function decide(command: VerificationCommand, state: Verification): VerificationFact[] {
  switch (command.type) {
    case 'OpenChallenge':
      return open(command, state);
    case 'AllowSignIn': {
      const { type: _, guards, ...data } = command;
      return [{ type: 'SignInAllowed', data: { ...data, guards: { ...guards } } }];
    }
    case 'VoidSignIn':
      return [{ type: 'PassVoided', data: { challengeRef: command.challengeRef } }];
    case 'PromptChallenge':
      return prompt(command, state);
    case 'SignInByPasskey':
      return signInByPasskey(command, state);
    case 'TakeResult':
      return takeResult(command.challengeRef, state);
    case 'Answer':
      return decideAnswer(command, state);
    case 'CancelChallenge':
      return cancel(command.challengeRef, state);
    case 'VoidPass':
      return voidPass(command.challengeRef, state);
    case 'ClearWaits':
      return state.locks.failures > 0 || state.locks.suspended.length > 0
        ? [{ type: 'WaitsCleared', data: {} }]
        : [];
    case 'SuspendFactor': {
      const { factorId } = command;
      if (state.locks.suspended.includes(factorId)) return [];
      return [{ type: 'FactorSuspended', data: { factorId, failures: 0 } }];
    }
  }
}

const initialState = (): Verification => ({
  challenges: {},
  ledger: emptyLedger,
  locks: noLocks,
  deliveries: [],
});

export const verificationDecider: Decider<VerificationCommand, VerificationFact, Verification> = {
  initialState,
  evolve,
  decide,
};

/** Raise it with every change to what `evolve` makes of events, and of how a method waits: older summaries are then skipped. */
const FOLD_VERSION = 7;

interface Summary {
  readonly foldVersion: number;
  readonly ledger: Ledger;
  readonly state: Omit<Verification, 'ledger'>;
}

export const verificationFold: Fold<Verification> = foldOf(verificationDecider, {
  type: verificationSummary.type,
  every: 64,
  understands: (data) => (data as Summary).foldVersion === FOLD_VERSION,
  take: ({ ledger, ...state }) => ({
    type: verificationSummary.type,
    data: { foldVersion: FOLD_VERSION, ledger, state },
  }),
  restore: (data) => {
    const { ledger, state } = data as Summary;
    return { ...state, ledger };
  },
});
