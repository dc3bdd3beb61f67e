import { domainToASCII } from 'node:url';
import validator from 'validator';
import { withoutInvisible } from './spelling.ts';

/** RFC 5321 section 4.5.3.1.3: a path of 256 octets, less its brackets. */
const LONGEST = 254;

/** A mailbox of a person in canonical form. */
export interface MailAddress {
  /** The local part as it was given, in NFC; the domain in lower case, as A-labels (RFC 5890), without a final dot. */
  readonly address: string;
  /** The local part is not ASCII: only a server that offers SMTPUTF8 (RFC 6531) takes mail for it. */
  readonly needsSmtpUtf8: boolean;
}

/**
 * The one reader of people's addresses. A mailbox that no mail from elsewhere reaches is none: on a name without a dot,
 * at an address literal, with a quoted local part.
 */
export function readMailAddress(text: string): MailAddress | undefined {
  if (text.length > 2 * LONGEST) return undefined;
  const given = text.trim().normalize('NFC');
  if (withoutInvisible(given) !== given) return undefined;
  const at = given.lastIndexOf('@');
  const local = given.slice(0, at);
  const domain = domainToASCII(given.slice(at + 1).replace(/\.$/, ''));
  const address = `${local}@${domain}`;
  const options = { allow_utf8_local_part: true, ignore_max_length: true };
  if (at < 1 || Buffer.byteLength(local) > 64 || address.length > LONGEST || local.startsWith('"'))
    return undefined;
  if (/[\p{M}\p{Z}]/u.test(local[0]!) || !validator.isEmail(address, options)) return undefined;
  return { address, needsSmtpUtf8: !/^[\x21-\x7e]+$/.test(local) };
}
