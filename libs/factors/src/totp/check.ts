import { verifySync } from 'otplib';
import type { Checked, CheckInput } from '../factor-kind.ts';
import type { TotpSettings } from './settings.ts';

/**
 * Checks a code (RFC 6238 §5.2) within the tolerance, never at or behind the last accepted step.
 * Spaces and hyphens in the code are of no account; anything else that is not a digit makes it wrong.
 */
export function check({
  settings,
  parameters,
  secret,
  code,
  now,
  afterStep,
}: CheckInput<TotpSettings>): Checked {
  const token = code.replaceAll(/[\s-]/g, '');
  const digits = Number(parameters.digits);
  if (token.length !== digits || !/^\d+$/.test(token)) return { accepted: false };
  const period = Number(parameters.period);
  const current = Math.floor(now / 1_000 / period);
  // the current step alone first: it is nearly always the one, and one HMAC instead of two or three
  for (const steps of [0, settings.tolerance]) {
    if (afterStep !== undefined && afterStep >= current + steps) continue; // all of them are spent
    const result = verifySync({
      secret,
      token,
      digits: digits,
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
