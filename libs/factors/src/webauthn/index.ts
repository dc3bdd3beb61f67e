import Type from 'typebox';
import type { FactorMethod } from '../method.ts';
import {
  authenticationResponse,
  creationOptions,
  registrationResponse,
  requestOptions,
} from './credential.ts';
import { relyingPartyFaults } from './relying-party.ts';
import { webauthnSettings, type WebauthnSettings } from './settings.ts';

const hints = Type.Array(
  Type.Union([Type.Literal('security-key'), Type.Literal('client-device'), Type.Literal('hybrid')]),
  { maxItems: 3, description: 'What the browser suggests first (WebAuthn §5.8.7)' },
);

/** Security keys and passkeys: Web Authentication, Level 3. */
export const webauthn = {
  type: 'webauthn',
  name: 'Security key or passkey',
  amr: ['pop'], // an answer says more: see check.ts
  acr: '2pr',
  strength: 100,
  purposes: ['sign-in', 're-authentication'],
  isSecondFactor: true,
  isHashed: false,
  throttle: 'never',
  settings: webauthnSettings,
  weaker: {
    passkeySignIn: 'more',
    userVerification: 'changed',
    allowedAuthenticators: 'changed',
    deniedAuthenticators: 'changed',
    rpId: 'changed',
    origins: 'changed',
  },
  isWholeSignIn: (settings) => (settings as WebauthnSettings).passkeySignIn,
  ofOperator: ['rpId', 'origins'],
  faults: (settings) => relyingPartyFaults(settings as WebauthnSettings),
  permits: (settings, { aaguid }) =>
    !(settings as WebauthnSettings).deniedAuthenticators.includes(String(aaguid)),
  enrolBody: { hints: Type.Optional(hints) },
  confirmBody: { credential: registrationResponse },
  answerBody: { credential: authenticationResponse },
  shown: { creationOptions },
  asked: requestOptions,
  load: async () => (await import('./kind.ts')).webauthnKind,
} as const satisfies FactorMethod<typeof webauthnSettings>;
