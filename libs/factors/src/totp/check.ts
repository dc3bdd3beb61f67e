import { readOneTimeCode } from '@sparekey/canonical';
import { verifySync } from 'otplib';
import type { Checked, CheckInput } from '../factor-kind.ts';
import type { TotpSettings } from './settings.ts';

/**
 * Checks a code (RFC 6238 §5.2) within the tolerance, never at or behind the last accepted step. Whatever people type and
 * paste around its digits is passed over; other digits than the app shows can be no code.
 */
export function check({ settings, parameters, secret, answer, now, consumed }: CheckInput): Checked {
  const digits = Number(parameters.digits);
  const period = Number(parameters.period);
  if (secret === undefined) return { outcome: 'rejected' };
  const code = readOneTimeCode(String(answer.code), digits);
  if (code === undefined) return { outcome: 'malformed', field: 'code' };
  const { through } = consumed;
  const current = Math.floor(now / 1_000 / period);
  // the current step alone first: it is nearly always the one, and one HMAC instead of two or three
  for (const steps of [0, (settings as TotpSettings).tolerance]) {
    if (through !== undefined && through >= current + steps) continue; // all of them are spent
    const result = verifySync({
      secret,
      token: code,
      digits,
      period,
      algorithm: String(parameters.algorithm).toLowerCase() as 'sha1' | 'sha256' | 'sha512',
      epoch: Math.floor(now / 1_000),
      epochTolerance: steps * period,
      ...(through !== undefined && { afterTimeStep: through }),
    });
    if (result.valid && 'timeStep' in result)
      return { outcome: 'accepted', consumes: { through: result.timeStep } };
  }
  return { outcome: 'rejected' };
}
