import type { AccessFact } from './access-events.ts';
import type { DomainFact, FactorClaimFact, FactorsFact } from './enrollment-events.ts';
import type {
  AccessTokensFact,
  AccountFact,
  AttemptsFact,
  ClaimFact,
  TokensFact,
} from './identity-events.ts';
import type { DeliveryFact, NoticeFact } from './notification-events.ts';
import type { CodesFact } from './recovery-events.ts';
import type { VerificationFact } from './verification-events.ts';

/** Everything that anybody says; summaries are none of it. */
export type Fact =
  | DomainFact
  | FactorsFact
  | FactorClaimFact
  | CodesFact
  | VerificationFact
  | AccountFact
  | AttemptsFact
  | ClaimFact
  | TokensFact
  | AccessTokensFact
  | NoticeFact
  | DeliveryFact
  | AccessFact;

export type FactType = Fact['type'];
