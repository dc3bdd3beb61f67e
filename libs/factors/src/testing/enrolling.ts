import { randomBytes } from 'node:crypto';
import type { Models } from '../factor-kind.ts';
import type { RegistrationResponse } from '../webauthn/credential.ts';
import { webauthnKind } from '../webauthn/kind.ts';
import { authenticator, type Authenticator, type AuthenticatorInput, type Wishes } from './authenticator.ts';
import { DEFAULT_SETTINGS } from './defaults.ts';

export const ORIGIN = 'https://login.acme.example';
export const SETTINGS = DEFAULT_SETTINGS;
export const handleOf = (name: string) => Buffer.alloc(32, name).toString('base64url');
export const relyingParty = { id: 'login.acme.example', origins: [ORIGIN] };
export const ADA = { relyingParty, userHandle: handleOf('ada') };
export const NOW = 1_772_366_400_000;
export const MODEL = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
export const OTHER_MODEL = '6d44ba9b-f6ec-2e49-b930-0c8fe920cb73';

/** Of Ada's, at the page of her organisation. */
export const make = (input: Partial<AuthenticatorInput> = {}) => authenticator({ origin: ORIGIN, ...input });

interface Creation {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
}

/** What Ada's browser is given, and what its answer is compared with. */
export async function begin(settings = SETTINGS) {
  const { shown, expected } = await webauthnKind.enrol({
    ...ADA,
    settings,
    body: {},
    randomBytes: randomBytes(32),
    issuer: 'Acme',
    account: 'ada@acme.example',
    held: () => Promise.resolve([]),
  });
  return { options: shown.creationOptions as Creation, expected };
}

export const confirm = (
  credential: RegistrationResponse,
  expected?: string,
  settings = SETTINGS,
  models?: Models,
) =>
  webauthnKind.confirm(
    {
      settings,
      parameters: {},
      secret: undefined,
      expected,
      answer: { credential },
      now: NOW,
    },
    models && { models },
  );

export async function enrolled(
  key: Authenticator,
  { settings = SETTINGS, wishes = undefined as Wishes | undefined } = {},
) {
  const { options, expected } = await begin(settings);
  return confirm(key.create(options, wishes), expected, settings);
}
