import type { MethodType, VerificationFact } from '@sparekey/contracts';
import type { Consumes, Parameters } from '@sparekey/factors';
import type { GuardRevisions } from './guard.ts';

/** What somebody has shown, and what is used up of it by that. */
export interface Proof {
  readonly method: MethodType;
  /** The id of the factor, or of the set of codes. */
  readonly holder: string;
  readonly consumes: Consumes;
  /** What it adds to `amr`, where that depends on the answer. */
  readonly amr?: readonly string[];
  /** What changed of the parameters of what was held. */
  readonly learned?: Parameters;
}

/** A challenge is passed by it. */
export const passedBy = (
  challengeRef: string,
  { amr, learned, ...proof }: Proof,
  guards: GuardRevisions,
): VerificationFact => ({
  type: 'ChallengePassed',
  data: {
    challengeRef,
    ...proof,
    ...(amr && { amr: [...amr] }),
    ...(learned && { learned: { ...learned } }),
    guards: { ...guards },
  },
});
