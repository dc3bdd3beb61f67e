const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const DAY_OF_YEAR = [
  '(0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])',
  '(0[469]|11)-(0[1-9]|[12]\\d|30)',
  '02-(0[1-9]|[12]\\d)', // which years have a 29th is more than a pattern says
].join('|');
const HOUR_AND_MINUTE = '([01]\\d|2[0-3]):[0-5]\\d';

/** The form of a date-time, for descriptions of the API. */
export const DATE_TIME_PATTERN = `^\\d{4}-(${DAY_OF_YEAR})T${HOUR_AND_MINUTE}:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]${HOUR_AND_MINUTE})$`;

/** A date-time by RFC 3339 section 5.6 with its offset, on a day that exists: not 30 February, not 29 February 2027. */
export function isDateTime(text: string): boolean {
  const [, year, month, day] = DATE_TIME.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
