import type { FactorMethod } from '@sparekey/factors';
import Type from 'typebox';

const code = Type.String({ minLength: 1, maxLength: 32 });

/** A kind that no release has: a code that Sparekey makes and delivers, good for five minutes. */
export const textMessage = {
  type: 'made-up-text',
  name: 'Made-up text message',
  amr: ['sms'],
  acr: '2',
  strength: 20,
  purposes: ['sign-in', 're-authentication'],
  isSecondFactor: true,
  isHashed: false,
  deliversBy: 'sms',
  throttle: 'full',
  settings: Type.Object(
    { enabled: Type.Boolean({ default: true }), usableIfEnrolled: Type.Boolean({ default: true }) },
    { additionalProperties: false },
  ),
  weaker: {},
  enrolBody: { phone: Type.String({ pattern: '^\\+[0-9]{6,15}$' }) },
  confirmBody: { code },
  answerBody: { code },
  shown: { sentTo: Type.String() },
  load: async () => (await import('./kind.ts')).textMessageKind,
} as const satisfies FactorMethod;
