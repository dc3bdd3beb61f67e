import type { FactorKind } from '../factor-kind.ts';
import { check, read } from './check.ts';
import { enrol, SECRET_BYTES } from './enrol.ts';
import { totpSettings } from './settings.ts';

/** Authenticator apps: time-based one-time passwords (RFC 6238). */
export const totp: FactorKind<typeof totpSettings> = {
  type: 'totp',
  amr: ['otp'],
  guessable: true,
  settings: totpSettings,
  secretBytes: SECRET_BYTES,
  enrol,
  read,
  check,
};
