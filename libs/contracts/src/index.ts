export { codec, EVENT_CATALOGUE, readFacts } from './codec.ts';
export type { AccessFact } from './access-events.ts';
export type { Fact, FactType } from './fact.ts';
export { ED25519_X, EVENT_KEY_ID, ROLES } from './enrollment-events.ts';
export type * from './enrollment-events.ts';
export { codesFold, evolveCodes, type CodeSet } from './codes-fold.ts';
export {
  domainFold,
  evolveDomain,
  type DomainView,
  type IdentityProvider,
  type RegisteredService,
} from './domain-fold.ts';
export type { EventOf, EventType, SealedAt } from './event.ts';
export {
  ACCESS_SCOPES,
  accountSummary,
  TOKEN_ROLES,
  type AccessScope,
  type AccessTokensFact,
  type AccountFact,
  type AttemptsFact,
  type ClaimFact,
  type TokenRole,
  type TokensFact,
} from './identity-events.ts';
export { keysIntroduced } from './installation-events.ts';
export { emptyLedger, evolveLedger, isConsumed, isUsedUp, ledgerFold } from './ledger.ts';
export {
  completePolicy,
  countsFor,
  DEFAULT_POLICY,
  enrollmentDeadline,
  isWeaker,
  isWholeSignIn,
  namesOthers,
  POLICY_SCHEMA,
  policyFaults,
  settingsOf,
  type Policy,
  type PolicyFault,
} from './policy.ts';
export { PROBLEMS, refuse, type ProblemCode } from './problem-codes.ts';
export { describeTopics } from './describe-topics.ts';
export { cloudEventOf, heldOf, PUBLISHED, type CloudEvent } from './published.ts';
export type { CodesFact } from './recovery-events.ts';
export { PURPOSES, type MethodType, type Purpose } from '@sparekey/factors';
export * from './result.ts';
export * from './factor-names.ts';
export * from './sessions.ts';
export * from './sign-in-messages.ts';
export * from './streams.ts';
export {
  CONFIRM_ATTEMPTS,
  evolveUser,
  isAlive,
  preferredOf,
  strongestFirst,
  userFold,
  type Factor,
  type User,
} from './user-fold.ts';
export {
  NOTICE_CHANNELS,
  type DeliveryFact,
  type NoticeChannel,
  type NoticeFact,
} from './notification-events.ts';
export { METHODS, verificationSummary, type Ledger, type VerificationFact } from './verification-events.ts';
