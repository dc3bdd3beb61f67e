import type { FactorMethod } from '@sparekey/factors';
import Type from 'typebox';

/** A kind that no release has: options when it is asked for, an object as answer, a counter, and an id that is held once in all. */
export const ceremony = {
  type: 'made-up-key',
  name: 'Made-up key',
  amr: ['hwk'],
  acr: '2',
  strength: 90,
  purposes: ['sign-in', 're-authentication'],
  isSecondFactor: true,
  isHashed: false,
  throttle: 'never',
  settings: Type.Object(
    {
      enabled: Type.Boolean({ default: true }),
      usableIfEnrolled: Type.Boolean({ default: true }),
      /** Milliseconds. */
      patience: Type.Integer({ default: 60_000, minimum: 1_000, maximum: 600_000 }),
    },
    { additionalProperties: false },
  ),
  weaker: { patience: 'more' },
  enrolBody: {},
  confirmBody: {
    credential: Type.Object({ id: Type.String(), challenge: Type.String(), key: Type.String() }),
  },
  answerBody: {
    credential: Type.Object({
      id: Type.String(),
      challenge: Type.String(),
      key: Type.String(),
      counter: Type.Integer(),
    }),
  },
  asked: { challenge: Type.String(), allow: Type.Array(Type.String()) },
  shown: { creationOptions: Type.Object({ challenge: Type.String() }) },
  load: async () => (await import('./kind.ts')).ceremonyKind,
} as const satisfies FactorMethod;
