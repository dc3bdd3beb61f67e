import { generateURI, ScureBase32Plugin } from 'otplib';
import { encodeQR } from 'qr';
import type { Enrolment, EnrolInput } from '../factor-kind.ts';
import type { TotpSettings } from './settings.ts';

/** RFC 4226 §4 (R6) wants 128 bits and recommends 160. */
export const SECRET_BYTES = 20;

const base32 = new ScureBase32Plugin();

/** Neither part of the label may hold a colon: it is what separates them. */
const withoutColon = (text: string) => text.replaceAll(/\s*:\s*/g, ' ').trim();

/** A new secret as text, as an otpauth URI and as a QR code (SVG in a data URI). */
export function enrol({ settings, randomBytes, issuer, account }: EnrolInput<TotpSettings>): Enrolment {
  const secret = base32.encode(randomBytes);
  const { digits, period, algorithm } = settings;
  const otpauthUri = generateURI({
    issuer: withoutColon(issuer),
    label: withoutColon(account),
    secret,
    digits: digits,
    period,
    algorithm: algorithm.toLowerCase() as 'sha1' | 'sha256' | 'sha512',
  });
  const svg = encodeQR(otpauthUri, 'svg', { ecc: 'medium' });
  return {
    secret,
    parameters: { digits, period, algorithm },
    shown: { secret, otpauthUri, qrCode: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` },
  };
}
