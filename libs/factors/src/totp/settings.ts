import Type, { type Static } from 'typebox';

/** Passcode settings of a domain. Apps that ignore anything but SHA-1, 6 digits and 30 s are common: those are safe. */
export const totpSettings = Type.Object(
  {
    /** Whether it can be enrolled. */
    enabled: Type.Boolean({ default: true }),
    /** Whether those already enrolled stay usable when it can no longer be enrolled. */
    usableIfEnrolled: Type.Boolean({ default: true }),
    digits: Type.Integer({ default: 6, minimum: 6, maximum: 8 }),
    /** Seconds. */
    period: Type.Integer({ default: 30, minimum: 30, maximum: 60 }),
    algorithm: Type.Unsafe<'SHA1' | 'SHA256' | 'SHA512'>(
      Type.Union([Type.Literal('SHA1'), Type.Literal('SHA256'), Type.Literal('SHA512')], { default: 'SHA1' }),
    ),
    /** Steps before and after the current one that are accepted (RFC 6238 §5.2: at most one for the network's delay). */
    tolerance: Type.Integer({ default: 1, minimum: 0, maximum: 1 }),
  },
  { additionalProperties: false },
);

export type TotpSettings = Static<typeof totpSettings>;
