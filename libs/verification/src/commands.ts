import type { MethodType, Policy, Purpose } from '@sparekey/contracts';
import type { Hosted } from './challenges.ts';
import type { GuardRevisions } from './guard.ts';
import type { Proof } from './proof.ts';

export interface OpenChallenge {
  readonly type: 'OpenChallenge';
  readonly challengeRef: string;
  readonly purpose: Purpose;
  readonly service: string;
  readonly signInId?: string;
  readonly firstFactor?: { readonly amr: readonly string[]; readonly authTime: number };
  readonly context?: string;
  readonly share?: string;
  readonly known?: true;
  readonly byAnswer?: true;
  readonly hosted?: Hosted;
  readonly epoch: number;
  readonly expiresAt: number;
  readonly at: number;
}

export interface Answer {
  readonly type: 'Answer';
  readonly challengeRef: string;
  readonly method: MethodType;
  /** The factor that was tried, where the user has it. */
  readonly factorId: string | undefined;
  /** Nothing where the answer was not right. */
  readonly proof: Proof | undefined;
  /** It is right, but there may be a copy of the factor. */
  readonly isCloneSuspected?: boolean;
  readonly guards: GuardRevisions;
  readonly policy: Policy;
  readonly at: number;
}

export interface PromptChallenge {
  readonly type: 'PromptChallenge';
  readonly challengeRef: string;
  readonly method: MethodType;
  /** Sealed. */
  readonly prepared: string;
  /** The one factor that it is good for, where its method delivers codes. */
  readonly factorId?: string;
  /** A code that goes out, sealed with where to, and how long it counts. */
  readonly deliver?: { readonly delivery: string; readonly seconds: number };
  readonly at: number;
}

/** Opens a challenge and passes it. */
export interface SignInByPasskey extends Pick<Answer, 'proof' | 'isCloneSuspected' | 'guards' | 'at'> {
  readonly type: 'SignInByPasskey';
  readonly challengeRef: string;
  readonly service: string;
  readonly epoch: number;
  readonly expiresAt: number;
  readonly factorId: string;
}

export type VerificationCommand =
  | OpenChallenge
  | Answer
  | {
      readonly type: 'AllowSignIn';
      readonly challengeRef: string;
      readonly purpose: Purpose;
      readonly service: string;
      readonly signInId: string;
      readonly guards: GuardRevisions;
    }
  /** What was allowed rests on something that was taken back meanwhile. */
  | { readonly type: 'VoidSignIn'; readonly challengeRef: string }
  | PromptChallenge
  | SignInByPasskey
  | { readonly type: 'TakeResult'; readonly challengeRef: string }
  | { readonly type: 'CancelChallenge'; readonly challengeRef: string }
  | { readonly type: 'VoidPass'; readonly challengeRef: string }
  | { readonly type: 'ClearWaits' }
  /** The person says that this factor is not theirs. */
  | { readonly type: 'SuspendFactor'; readonly factorId: string };
