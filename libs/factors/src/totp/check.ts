import { readOneTimeCode } from '@sparekey/canonical';
import { verifySync } from 'otplib';
import type { Checked, CheckInput, Parameters } from '../factor-kind.ts';
import type { TotpSettings } from './settings.ts';

/** The digits of a code, whatever people type and paste around them. */
export const read = (typed: string, { digits }: Parameters): string | undefined =>
  readOneTimeCode(typed, Number(digits));

/** Checks a code (RFC 6238 §5.2) within the tolerance, never at or behind the last accepted step. */
export function check({
  settings,
  parameters,
  secret,
  code,
  now,
  afterStep,
}: CheckInput<TotpSettings>): Checked {
  const digits = Number(parameters.digits);
  const period = Number(parameters.period);
  const current = Math.floor(now / 1_000 / period);
  // the current step alone first: it is nearly always the one, and one HMAC instead of two or three
  for (const steps of [0, settings.tolerance]) {
    if (afterStep !== undefined && afterStep >= current + steps) continue; // all of them are spent
    const result = verifySync({
      secret,
      token: code,
      digits,
      period,
      algorithm: String(parameters.algorithm).toLowerCase() as 'sha1' | 'sha256' | 'sha512',
      epoch: Math.floor(now / 1_000),
      epochTolerance: steps * period,
      ...(afterStep !== undefined && { afterTimeStep: afterStep }),
    });
    if (result.valid && 'timeStep' in result) return { accepted: true, step: result.timeStep };
  }
  return { accepted: false };
}
