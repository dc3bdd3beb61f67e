/** By how much the server's clock is ahead of this one (milliseconds): a phone may be an hour off. */
let ahead = 0;

/** @param date the header of an answer, to the second (RFC 9110 section 6.6.1) */
export function sawDate(date: string | null): void {
  const said = Date.parse(date ?? '');
  if (!Number.isNaN(said)) ahead = Math.abs(said - Date.now()) > 2_000 ? said - Date.now() : 0;
}

/** A moment of the server's, by the clock that the reader sees (Unix milliseconds). */
export const byThisClock = (moment: string): number => Date.parse(moment) - ahead;
