import Type from 'typebox';
import type { FactorMethod } from '../method.ts';
import { typedCode } from '../typed-code.ts';
import { totpSettings } from './settings.ts';

/** Authenticator apps: time-based one-time passwords (RFC 6238). */
export const totp = {
  type: 'totp',
  name: 'Authenticator app',
  amr: ['otp'],
  acr: '2',
  strength: 50,
  purposes: ['sign-in', 're-authentication'],
  isSecondFactor: true,
  isHashed: false,
  throttle: 'full',
  settings: totpSettings,
  weaker: { tolerance: 'more', period: 'more', digits: 'less' },
  enrolBody: {},
  confirmBody: { code: typedCode('The code that the app shows now, as the person typed or pasted it') },
  answerBody: { code: typedCode() },
  shown: {
    secret: Type.String({ description: 'Base32; like the rest it is shown this once' }),
    otpauthUri: Type.String({ format: 'uri', description: 'What an authenticator app reads' }),
    qrCode: Type.String({ format: 'uri', description: 'The same as a picture: SVG in a data URI' }),
  },
  load: async () => (await import('./kind.ts')).totpKind,
} as const satisfies FactorMethod<typeof totpSettings>;
