export {
  addressPrefix,
  clientAddress,
  inRanges,
  readAddress,
  type ForwardedHeader,
  type Hops,
  type InRanges,
} from './client-address.ts';
export { DATE_TIME_PATTERN, isDateTime } from './date-time.ts';
export { canonicalIssuer, readHost } from './host.ts';
export { readLogin } from './login.ts';
export { readMailAddress, type MailAddress } from './mail-address.ts';
export { LONGEST_TYPED_CODE, readOneTimeCode } from './one-time-code.ts';
export { isName, LONGEST_NAME, LONGEST_NAME_POINTS, normalizeName, shownName } from './person-name.ts';
export { readPhoneNumber } from './phone-number.ts';
export { readPublicKey } from './public-key.ts';
export { withAsciiDigits, withoutInvisible, wordsOf } from './spelling.ts';
