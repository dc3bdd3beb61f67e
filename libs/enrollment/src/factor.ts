import type { Parameters } from '@sparekey/factors';

/** NIST SP 800-63B-4 §3.2.2 wants failures bounded; a pending factor protects nothing yet, so five are enough. */
export const CONFIRM_ATTEMPTS = 5;
export const PENDING_MS = 10 * 60_000;

/** A sealed value and the id of the event it was sealed into. */
export interface SealedAt {
  readonly value: string;
  readonly eventId: string;
}

export interface Factor {
  readonly factorId: string;
  readonly kind: string;
  readonly name: SealedAt | undefined;
  readonly secret: SealedAt;
  readonly parameters: Parameters;
  readonly confirmed: boolean;
  /** The session in which it was confirmed, where it was one. */
  readonly confirmedIn: string | undefined;
  /** Confirmed by more than a password: with two-step verification on, by a service, or in the session that put it on. */
  readonly trusted: boolean;
  readonly addedAt: number;
  readonly expiresAt: number;
  readonly attemptsLeft: number;
}

/** Confirmed, or pending and neither expired nor guessed to death. */
export function isAlive(factor: Factor, at: number): boolean {
  return factor.confirmed || (factor.expiresAt > at && factor.attemptsLeft > 0);
}
