import { generateURI, ScureBase32Plugin } from 'otplib';
import { encodeQR } from 'qr';
import type { Enrolment, EnrolInput } from '../factor-kind.ts';
import type { TotpSettings } from './settings.ts';

/** RFC 4226 §4 (R6) wants 128 bits and recommends 160. */
export const SECRET_BYTES = 20;

const base32 = new ScureBase32Plugin();

/** Neither part of the label may hold a colon: it is what separates them. */
const withoutColon = (text: string) => text.replaceAll(/\s*:\s*/g, ' ').trim();

/**
 * Encoded octets of the issuer, which stands twice, and of the account: with more the symbol has more modules than a phone
 * reads off a screen.
 */
const LONGEST = { issuer: 72, account: 120 };
/** ISO/IEC 18004 section 5.3.8. */
const QUIET_ZONE = 4;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cut after a whole character, so that it takes at most so many octets of a URI. */
function shorten(text: string, octets: number): string {
  if (encodeURIComponent(text).length <= octets) return text;
  const characters = [...segmenter.segment(text)].map(({ segment }) => segment);
  const whole = () => `${characters.join('').trim()}…`;
  while (characters.length > 0 && encodeURIComponent(whole()).length > octets) characters.pop();
  return whole();
}

/** On a ground of its own, so that a phone reads it on a dark page too. */
const onWhite = (svg: string) => svg.replace('>', '><rect width="100%" height="100%" fill="#fff"/>');

/** A new secret as text, as an otpauth URI and as a QR code (SVG in a data URI). */
export function enrol({ settings, randomBytes, issuer, account }: EnrolInput): Enrolment {
  const secret = base32.encode(randomBytes);
  const { digits, period, algorithm } = settings as TotpSettings;
  const otpauthUri = generateURI({
    issuer: shorten(withoutColon(issuer), LONGEST.issuer),
    label: shorten(withoutColon(account), LONGEST.account),
    secret,
    digits: digits,
    period,
    algorithm: algorithm.toLowerCase() as 'sha1' | 'sha256' | 'sha512',
  });
  const svg = onWhite(encodeQR(otpauthUri, 'svg', { ecc: 'medium', border: QUIET_ZONE }));
  return {
    secret,
    parameters: { digits, period, algorithm },
    shown: { secret, otpauthUri, qrCode: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` },
  };
}
