/** The revision at which a deleted stream ends, 2⁶³ − 1 there; no number of JavaScript is that exactly. */
export const DELETED = Number.MAX_SAFE_INTEGER;

/** What the metadata of a stream say of how much of it is kept. */
export interface Retention {
  readonly $tb?: number;
  readonly $maxCount?: number;
  /** Seconds. */
  readonly $maxAge?: number;
}

/** The first revision that reads of a stream still have, whatever its age. The whole log keeps the others. */
export const firstKept = ({ $tb = 0, $maxCount = Infinity }: Retention, end: number): number =>
  Math.max($tb, end + 1 - $maxCount, 0);

/** Events that are older are read no more (Unix milliseconds). */
export const oldestKept = ({ $maxAge = Infinity }: Retention): number => Date.now() - $maxAge * 1_000;

/** A stream whose metadata cut off all that will ever be in it: it is not found, and can begin again. */
export const isSoftDeleted = ({ $tb = 0 }: Retention): boolean => $tb >= DELETED;
