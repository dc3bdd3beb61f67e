/** `npm test` runs small numbers in a few seconds; `npm run test:integration` runs the numbers that are claimed. */
const full = process.env.SPAREKEY_TEST_SCALE === 'full';

export const scale = (small: number, claimed: number): number => (full ? claimed : small);

export const RACERS_AT_ONCE = full ? 1_000 : 50;
export const WRONG_PASSWORDS = full ? 5_000 : 500;
export const KILLS = full ? 50 : 3;
