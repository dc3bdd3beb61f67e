export { codec, EVENT_CATALOGUE, readFacts } from './codec.ts';
export type { AccessFact } from './access-events.ts';
export type { Fact, FactType } from './fact.ts';
export { ED25519_X, EVENT_KEY_ID, ROLES } from './enrollment-events.ts';
export type * from './enrollment-events.ts';
export type { EventOf, EventType } from './event.ts';
export {
  ACCESS_SCOPES,
  accountSummary,
  SESSION_SCOPES,
  TOKEN_ROLES,
  type AccessScope,
  type AccessTokensFact,
  type AccountFact,
  type AttemptsFact,
  type ClaimFact,
  type SessionScope,
  type TokenRole,
  type TokensFact,
} from './identity-events.ts';
export { keysIntroduced } from './installation-events.ts';
export { emptyLedger, evolveLedger, ledgerFold } from './ledger.ts';
export {
  completePolicy,
  DEFAULT_POLICY,
  enrollmentDeadline,
  isUsableKind,
  isWeaker,
  POLICY_SCHEMA,
  policyFaults,
  type Policy,
  type PolicyFault,
} from './policy.ts';
export { PROBLEMS, refuse, type ProblemCode } from './problem-codes.ts';
export { describeTopics } from './describe-topics.ts';
export { cloudEventOf, PUBLISHED, type CloudEvent } from './published.ts';
export { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from './recovery-code.ts';
export type { CodesFact } from './recovery-events.ts';
export * from './result.ts';
export * from './sessions.ts';
export * from './sign-in-messages.ts';
export { standingFold, type Standing } from './standing.ts';
export * from './streams.ts';
export { NOTICE_CHANNELS, type NoticeChannel, type NoticeFact } from './notification-events.ts';
export {
  METHODS,
  PURPOSES,
  verificationSummary,
  type Ledger,
  type Method,
  type Purpose,
  type VerificationFact,
} from './verification-events.ts';
