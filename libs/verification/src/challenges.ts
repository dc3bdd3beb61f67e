import type { Purpose, SealedAt, VerificationFact } from '@sparekey/contracts';
import type { Recorded } from '@sparekey/event-sourcing';
import type { Proof } from './proof.ts';

/** How a challenge is answered on a page of Sparekey's (RFC 7636, S256). */
export interface Hosted {
  readonly returnUrl: string;
  readonly codeChallenge: string;
}

/** What a method was made to ask for: good for one factor alone where it names it, and until then where it says when. */
export interface Prompt extends SealedAt {
  readonly factorId?: string;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
}

/** A challenge by its plain id, kept for as long as anybody can hold its handle. */
export interface Challenge {
  readonly purpose: Purpose;
  readonly service: string;
  readonly signInId?: string;
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  /** When the service asked (Unix milliseconds), and from where the person did the first step, as it says: sealed. */
  readonly openedAt: number;
  readonly context?: SealedAt;
  /** With whose challenges it is counted, and whether it was opened in a browser that is known. */
  readonly share?: string;
  readonly known?: true;
  /** Opened by its answer: kept for as long as its id lives, because nothing else says that it was used. */
  readonly byAnswer?: true;
  readonly epoch: number;
  readonly expiresAt: number;
  readonly rejected: number;
  /** Answered on a page of Sparekey's: the result is fetched, once, by who can name the verifier. */
  readonly hosted?: Hosted;
  /** What each method was made to ask for. */
  readonly prompts?: Readonly<Record<string, Prompt>>;
  /** How often it was made to ask. */
  readonly prompted?: number;
  /** How often a code went out for it. */
  readonly delivered?: number;
  /** A wait began while it was open: it is closed to every method that waits. */
  readonly waited?: true;
  /** What passed it, and when that was recorded (Unix milliseconds). */
  readonly passed?: { readonly proof: Proof; readonly at: number };
  readonly taken?: true;
  readonly state: 'open' | 'passed' | 'failed' | 'cancelled' | 'voided';
}

export type Challenges = Readonly<Record<string, Challenge>>;

/** How often one challenge is made to ask: more is no person who tries again. */
export const MAX_PROMPTS = 20;

/** How often one challenge makes codes go out: each reaches a person, and may cost money. */
export const MAX_DELIVERIES = 3;

/** Challenges of one user that are kept at once. */
export const MAX_CHALLENGES = 100;

const STATE_OF_END = { cancelled: 'cancelled', attempts: 'failed' } as const;

type Said = Recorded<VerificationFact> & { readonly id?: string };

function opened(challenges: Challenges, event: Extract<Said, { type: 'ChallengeOpened' }>): Challenges {
  const { challengeRef, purpose, service, signInId, firstFactor, hosted, context, epoch, expiresAt } =
    event.data;
  const { share, known, byAnswer } = event.data;
  const times = { openedAt: event.time, expiresAt };
  const opened = { purpose, service, epoch, ...times, rejected: 0, state: 'open' } as const;
  const sealed = context === undefined ? {} : { context: { value: context, eventId: event.id ?? '' } };
  const details = {
    ...(signInId !== undefined && { signInId }),
    ...(firstFactor && { firstFactor }),
    ...(hosted && { hosted }),
    ...(share !== undefined && { share }),
    ...(known && { known }),
    ...(byAnswer && { byAnswer }),
  };
  return { ...unexpired(challenges, event.time), [challengeRef]: { ...opened, ...details, ...sealed } };
}

export function evolveChallenges(challenges: Challenges, event: Said): Challenges {
  switch (event.type) {
    case 'ChallengeOpened':
      return opened(challenges, event);
    case 'CodeRejected':
      return change(challenges, event.data.challengeRef, ({ rejected }) => ({ rejected: rejected + 1 }));
    case 'ChallengePassed': {
      const { challengeRef, guards: _, ...proof } = event.data;
      const passed = { proof, at: event.time };
      return close(challenges, challengeRef, { state: 'passed', passed });
    }
    case 'ChallengePrompted': {
      const { challengeRef, method, prepared, ...bounds } = event.data;
      const prompt = { value: prepared, eventId: event.id ?? '', ...bounds };
      return change(challenges, challengeRef, ({ prompts, prompted = 0, delivered = 0 }) => ({
        prompts: { ...prompts, [method]: prompt },
        prompted: prompted + 1,
        ...(prompt.factorId !== undefined && { delivered: delivered + 1 }),
      }));
    }
    case 'ResultTaken':
      return change(challenges, event.data.challengeRef, () => ({ taken: true }));
    case 'PassVoided':
      return close(challenges, event.data.challengeRef, { state: 'voided' });
    case 'ChallengeEnded': {
      const { challengeRef, reason } = event.data;
      if (reason === 'displaced') return without(challenges, challengeRef);
      return close(challenges, challengeRef, { state: STATE_OF_END[reason] });
    }
    default:
      return challenges;
  }
}

type Kept = readonly [ref: string, challenge: Challenge];

/**
 * Which challenges give way where too many are kept: first what has ended; then, of what was opened in browsers that are
 * not known, the oldest of whoever opened most, by service and within it by address. So nobody fills the room of others.
 */
export function displacedBy(challenges: Challenges, at: number): string[] {
  let kept: Kept[] = Object.entries(challenges).filter(
    ([, { expiresAt, byAnswer }]) => expiresAt > at && !byAnswer,
  );
  const displaced: string[] = [];
  while (kept.length >= MAX_CHALLENGES) {
    const ended = kept.filter(([, one]) => isOver(one));
    const unknown = kept.filter(([, { known }]) => !known);
    const dead = ended.length > 0 ? ended : kept.filter(([, { waited }]) => waited); // few can still be answered
    const [guilty] = dead.length > 0 ? dead : guiltiest(unknown.length > 0 ? unknown : kept);
    kept = kept.filter((one) => one !== guilty);
    displaced.push(guilty![0]);
  }
  return displaced;
}

const isOver = ({ state, hosted, taken }: Challenge): boolean =>
  state !== 'open' && !(state === 'passed' && hosted && !taken);

/** The oldest first. */
function guiltiest(kept: readonly Kept[]): readonly Kept[] {
  const ofService = most(kept, ([, { service }]) => service);
  return most(ofService, ([, { share = '' }]) => share);
}

function most(kept: readonly Kept[], keyOf: (one: Kept) => string): readonly Kept[] {
  const groups = Object.values(Object.groupBy(kept, keyOf)) as Kept[][];
  return groups.reduce((one, other) => (other.length > one.length ? other : one));
}

function without(challenges: Challenges, ref: string): Challenges {
  const { [ref]: _gone, ...others } = challenges;
  return others;
}

/** What it was made to ask for is dead with it. */
function close(challenges: Challenges, ref: string, news: Partial<Challenge>): Challenges {
  const known = challenges[ref];
  if (!known) return challenges;
  const { prompts: _, ...before } = known;
  return { ...challenges, [ref]: { ...before, ...news } };
}

function change(
  challenges: Challenges,
  ref: string,
  news: (before: Challenge) => Partial<Challenge>,
): Challenges {
  const before = challenges[ref];
  return before ? { ...challenges, [ref]: { ...before, ...news(before) } } : challenges;
}

/** How long a service has to fetch the result of a hosted challenge, in milliseconds. */
export const RESULT_CODE_MS = 60_000;

/** Handles carry their own expiry, so what has expired need not be remembered. */
function unexpired(challenges: Challenges, at: number): Challenges {
  const kept = Object.entries(challenges).filter(([, { expiresAt }]) => expiresAt + RESULT_CODE_MS > at);
  return Object.fromEntries(kept);
}
