import { SettingsService } from '@simplewebauthn/server';
import type { FactorKind, Fields } from '../factor-kind.ts';
import { accepted } from './accepted.ts';
import { CHALLENGE_BYTES } from './ceremony.ts';
import { check, identify } from './check.ts';
import { confirm } from './confirm.ts';
import type { AuthenticationResponse } from './credential.ts';
import { enrol } from './enrol.ts';
import { prepare } from './prepare.ts';

export const webauthnKind = {
  secretBytes: CHALLENGE_BYTES,
  enrol,
  confirm,
  preparation: { randomBytes: CHALLENGE_BYTES, prepare },
  identify,
  claimOf: ({ credential }: Fields) => (credential as AuthenticationResponse).id,
  accepted,
  modelAuthorities: () => SettingsService.getRootCertificates({ identifier: 'mds' }),
  check,
} satisfies FactorKind;
