import type { FactorMethod } from '@sparekey/factors';
import Type from 'typebox';

const answers = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { minItems: 3, maxItems: 3 });

/** A kind that no release has: three answers under slow hashes, which count for recovery and for nothing else. */
export const questions = {
  type: 'made-up-questions',
  name: 'Made-up questions',
  amr: ['kba'],
  acr: 'code',
  strength: 5,
  purposes: ['account-recovery'],
  isSecondFactor: false,
  isHashed: true,
  throttle: 'full',
  settings: Type.Object(
    { enabled: Type.Boolean({ default: true }), usableIfEnrolled: Type.Boolean({ default: true }) },
    { additionalProperties: false },
  ),
  weaker: {},
  enrolBody: { answers },
  confirmBody: { answers },
  answerBody: { answers },
  shown: {},
  load: async () => (await import('./kind.ts')).questionsKind,
} as const satisfies FactorMethod;
