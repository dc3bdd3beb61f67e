import type { MethodType } from '@sparekey/contracts';
import type { Consumes } from '@sparekey/factors';

/** What somebody has shown, and what is used up of it by that. */
export interface Proof {
  readonly method: MethodType;
  /** The id of the factor, or of the set of codes. */
  readonly holder: string;
  readonly consumes: Consumes;
}
