export { codec, EVENT_CATALOGUE } from './codec.ts';
export type * from './enrollment-events.ts';
export type { EventType } from './event.ts';
export { TOKEN_ROLES, type TokenRole, type TokensFact } from './identity-events.ts';
export { emptyLedger, evolveLedger, ledgerFold } from './ledger.ts';
export {
  completePolicy,
  DEFAULT_POLICY,
  POLICY_SCHEMA,
  policyFaults,
  type Policy,
  type PolicyFault,
} from './policy.ts';
export { PROBLEMS, refuse, type ProblemCode } from './problem-codes.ts';
export { formatRecoveryCode, parseRecoveryCode, RECOVERY_CODE_BYTES } from './recovery-code.ts';
export type { CodesFact } from './recovery-events.ts';
export * from './result.ts';
export * from './streams.ts';
export {
  METHODS,
  PURPOSES,
  verificationSummary,
  type Ledger,
  type Method,
  type Purpose,
  type VerificationFact,
} from './verification-events.ts';
