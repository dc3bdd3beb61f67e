import type { Schemas } from '../api/client.ts';

export type Offer = Schemas['MethodOffer'];

/** A second step that is asked for, and the ways to give it. */
export interface Challenge {
  readonly challengeId: string;
  readonly methods: readonly Offer[];
  readonly preferred: Offer;
  /** RFC 3339. */
  readonly expiresAt: string;
}
