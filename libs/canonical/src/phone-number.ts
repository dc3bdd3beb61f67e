import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

const LONGEST = 64;

/**
 * A telephone number as people write it, with its country (`+31 6 5550 0199`, `tel:+44-20-7946-0958`).
 *
 * @returns E.164; nothing where no country can be told, where the number is none of its country's plan, or where it has an
 * extension, which no text message reaches
 */
export function readPhoneNumber(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const parsed = parsePhoneNumberFromString(text.normalize('NFKC').trim());
  return parsed?.isValid() && parsed.ext === undefined ? parsed.number : undefined;
}
