import type { ConfirmInput, FactorKind } from '../factor-kind.ts';
import { check } from './check.ts';
import { enrol, SECRET_BYTES } from './enrol.ts';

export const totpKind = {
  secretBytes: SECRET_BYTES,
  enrol,
  check,
  confirm: (input: ConfirmInput) => check({ ...input, consumed: {}, userHandle: '' }),
} satisfies FactorKind;
