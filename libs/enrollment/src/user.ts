import {
  evolveUser,
  isAlive,
  refuse,
  userFold,
  type Factor,
  type FactorsFact,
  type NoticeChannel,
  type User,
} from '@sparekey/contracts';
import type { Decider } from '@sparekey/event-sourcing';
import { factorMethod, type Parameters } from '@sparekey/factors';

/** How long a factor waits to be confirmed. */
export const PENDING_MS = 10 * 60_000;

/*
 * A user of a domain, their factors, and whether two-step verification is on.
 *
 * - A factor counts only once it is confirmed by a correct code; a pending one dies after ten minutes or five wrong codes.
 * - Two-step verification goes on only with a usable factor and a saved set of recovery codes.
 * - While it is on, the last usable factor stays: nobody is left with codes alone, or with what is suspended.
 * - When it goes on in a session, factors go that another session confirmed on the password alone.
 * - It may be put off for one sign-in at a time, for as long as the domain's policy lets it.
 * - Switching it off raises the epoch: codes, challenges and whatever else was made under the old one are dead.
 */

export type UserCommand =
  /** `undoes`: the revision of the change that it takes back. */
  | {
      readonly type: 'PutContacts';
      readonly contacts: string;
      readonly steppedUp?: boolean;
      readonly undoes?: number;
      /** Name or language alone. */
      readonly profileOnly?: boolean;
    }
  | {
      readonly type: 'AddFactor';
      readonly factorId: string;
      readonly kind: string;
      readonly name?: string;
      readonly secret?: string;
      readonly expected?: string;
      /** A code that confirms it, sealed, and how many seconds it counts: the pending factor lives no longer. */
      readonly deliver?: {
        readonly channel: NoticeChannel;
        readonly delivery: string;
        readonly seconds: number;
      };
      readonly settings: Parameters;
      readonly maxFactors: number;
      readonly at: number;
    }
  | {
      readonly type: 'ConfirmFactor';
      readonly factorId: string;
      readonly isRight: boolean;
      /** Up to where it is used up by that. */
      readonly step?: number;
      /** Known only now. */
      readonly secret?: string;
      readonly parameters?: Parameters;
      readonly claim?: string;
      /** What it is called where the person gave it no name. */
      readonly name?: string;
      /** The session in which the code was given, where there is one. */
      readonly sessionId?: string;
      readonly at: number;
    }
  | {
      readonly type: 'ChangeFactor';
      readonly factorId: string;
      readonly name?: string;
      readonly makeDefault: boolean;
      readonly at: number;
    }
  /** `usable`: which factors would pass a challenge now. */
  | {
      readonly type: 'RemoveFactor';
      readonly factorId: string;
      readonly usable: readonly string[];
      readonly at: number;
    }
  /** `codesSaved`: the recovery room's stream holds a saved set of this epoch. */
  | {
      readonly type: 'EnableTwoStep';
      readonly usable: readonly string[];
      readonly codesSaved: boolean;
      readonly sessionId?: string;
    }
  /** `service`: whose sign-in it is. `deadline`: until when it may be put off (Unix milliseconds). */
  | {
      readonly type: 'SkipTwoStep';
      readonly service: string;
      readonly signInId: string;
      readonly deadline: number;
      readonly at: number;
    }
  | { readonly type: 'DisableTwoStep' }
  /** It was switched off by somebody else, at the revision `undoes`. */
  | { readonly type: 'RestoreTwoStep'; readonly undoes: number };

/** @throws Refusal `not-found` where there is no such factor alive */
export function findFactor(user: User, factorId: string, at: number): Factor {
  const factor = user.factors.find((candidate) => candidate.factorId === factorId);
  if (!factor || !isAlive(factor, at))
    throw refuse('not-found', { detail: 'there is no such factor, or it was not confirmed in time' });
  return factor;
}

type CommandOf<Type extends UserCommand['type']> = Extract<UserCommand, { type: Type }>;

function addFactor(command: CommandOf<'AddFactor'>, user: User): FactorsFact[] {
  const { factorId, kind, name, secret, expected, deliver, settings, maxFactors, at } = command;
  if (user.factors.filter((factor) => isAlive(factor, at)).length >= maxFactors) {
    throw refuse('policy-refused', { detail: `a user may have ${maxFactors} factors` });
  }
  const expiresAt = at + Math.min(PENDING_MS, (deliver?.seconds ?? Infinity) * 1_000);
  const data = {
    factorId,
    kind,
    ...(name && { name }),
    ...(secret !== undefined && { secret }),
    ...(expected !== undefined && { expected }),
    settings: { ...settings },
    expiresAt,
  };
  const added: FactorsFact = { type: 'FactorAdded', data };
  if (!deliver) return [added];
  const { channel, delivery } = deliver;
  return [added, { type: 'DeliveryRequested', data: { factorId, channel, delivery, expiresAt } }];
}

function confirmFactor(command: CommandOf<'ConfirmFactor'>, user: User): FactorsFact[] {
  const { factorId, isRight, step, secret, parameters, claim, name, sessionId, at } = command;
  const factor = findFactor(user, factorId, at);
  if (factor.confirmed) throw refuse('already-exists');
  if (isRight) {
    const data = {
      factorId,
      ...(name !== undefined && { name }),
      ...(step !== undefined && { step }),
      ...(secret !== undefined && { secret }),
      ...(parameters && { parameters: { ...parameters } }),
      ...(claim !== undefined && { claim }),
      ...(sessionId !== undefined && { sessionId }),
    };
    return [{ type: 'FactorConfirmed', data }];
  }
  return [{ type: 'FactorConfirmationRejected', data: { factorId, attemptsLeft: factor.attemptsLeft - 1 } }];
}

function changeFactor(
  { factorId, name, makeDefault, at }: CommandOf<'ChangeFactor'>,
  user: User,
): FactorsFact[] {
  const factor = findFactor(user, factorId, at);
  if (makeDefault && !factor.confirmed)
    throw refuse('not-enrolled', { detail: 'the factor is not confirmed' });
  const facts: FactorsFact[] = [];
  if (name !== undefined) facts.push({ type: 'FactorRenamed', data: { factorId, name } });
  if (makeDefault && user.defaultFactor !== factorId)
    facts.push({ type: 'DefaultFactorChosen', data: { factorId } });
  return facts;
}

function removeFactor({ factorId, usable, at }: CommandOf<'RemoveFactor'>, user: User): FactorsFact[] {
  const factor = findFactor(user, factorId, at);
  if (user.twoStep && factor.confirmed && !usable.some((other) => other !== factorId)) {
    throw refuse('policy-refused', {
      detail: 'the last usable factor goes only when two-step verification is switched off',
    });
  }
  return [{ type: 'FactorRemoved', data: { factorId } }];
}

function enableTwoStep(command: CommandOf<'EnableTwoStep'>, user: User): FactorsFact[] {
  const { usable, codesSaved, sessionId } = command;
  if (user.twoStep) return [];
  const confirmed = user.factors.filter((factor) => factor.confirmed);
  const foreign = confirmed.filter(
    ({ trusted, confirmedIn }) => sessionId !== undefined && !trusted && confirmedIn !== sessionId,
  );
  const own = confirmed.filter((factor) => !foreign.includes(factor));
  if (!own.some(({ factorId }) => usable.includes(factorId))) throw refuse('not-enrolled');
  if (!codesSaved) throw refuse('codes-not-saved');
  const gone = foreign.map(({ factorId }): FactorsFact => ({ type: 'FactorRemoved', data: { factorId } }));
  return [...gone, { type: 'TwoStepEnabled', data: { ...(sessionId !== undefined && { sessionId }) } }];
}

function skipTwoStep(command: CommandOf<'SkipTwoStep'>, user: User): FactorsFact[] {
  const { service, signInId, deadline, at } = command;
  if (user.twoStep) throw refuse('policy-refused', { detail: 'two-step verification is on' });
  if (!(at < deadline)) throw refuse('policy-refused', { detail: 'two-step verification is required now' });
  const skipped = user.skips.at(-1);
  if (skipped?.service === service && skipped.signInId === signInId) return [];
  return [{ type: 'TwoStepSkipped', data: { service, signInId } }];
}

const canRestore = (user: User): boolean =>
  !user.twoStep &&
  user.factors.some(({ confirmed, kind }) => confirmed && (factorMethod(kind)?.isSecondFactor ?? false));

function putContacts(
  { contacts, steppedUp, undoes, profileOnly }: Extract<UserCommand, { type: 'PutContacts' }>,
  user: User,
): FactorsFact[] {
  if (!user.contacts) return [{ type: 'UserRegistered', data: { contacts } }];
  const how = {
    ...(steppedUp && { steppedUp }),
    ...(undoes !== undefined && { undoes }),
    ...(profileOnly && { profileOnly }),
  };
  return [{ type: 'ContactsChanged', data: { contacts, ...how } }];
}

function decide(command: UserCommand, user: User): FactorsFact[] {
  if (command.type === 'PutContacts') return putContacts(command, user);
  if (!user.contacts)
    throw refuse('not-found', { detail: 'there is no such user in this domain: PUT users/{user} makes one' });
  switch (command.type) {
    case 'AddFactor':
      return addFactor(command, user);
    case 'ConfirmFactor':
      return confirmFactor(command, user);
    case 'ChangeFactor':
      return changeFactor(command, user);
    case 'RemoveFactor':
      return removeFactor(command, user);
    case 'EnableTwoStep':
      return enableTwoStep(command, user);
    case 'SkipTwoStep':
      return skipTwoStep(command, user);
    case 'DisableTwoStep':
      return user.twoStep ? [{ type: 'TwoStepDisabled', data: { epoch: user.epoch + 1 } }] : [];
    case 'RestoreTwoStep':
      return canRestore(user) ? [{ type: 'TwoStepEnabled', data: { undoes: command.undoes } }] : [];
  }
}

export const userDecider: Decider<UserCommand, FactorsFact, User> = {
  initialState: () => userFold.initialState(),
  evolve: evolveUser,
  decide,
};
