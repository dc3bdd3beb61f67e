import { Refusal } from '@sparekey/event-sourcing';

/**
 * Every `code` that an answer may carry, with its HTTP status: the closed list that other people's programs rely on. Of the
 * interface, and said by nothing yet: `enrollment-code-required`, `already-created`.
 */
export const PROBLEMS = {
  'validation-failed': 400,
  unauthenticated: 401,
  'sign-in-refused': 401,
  'step-up-required': 401,
  forbidden: 403,
  'code-rejected': 403,
  'ownership-not-proven': 403,
  'enrollment-code-required': 403,
  'not-found': 404,
  'already-exists': 409,
  'already-created': 409,
  'challenge-closed': 409,
  'codes-not-saved': 409,
  'result-taken': 409,
  'user-erased': 409,
  'not-enrolled': 409,
  'challenge-expired': 410,
  'precondition-failed': 412,
  'too-large': 413,
  misdirected: 421,
  'policy-refused': 422,
  locked: 423,
  'precondition-required': 428,
  'too-many-requests': 429,
  'method-not-allowed': 405,
  internal: 500,
  busy: 503,
  'vault-unavailable': 503,
  'clock-fault': 503,
  'not-ready': 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal with a code from the closed list. `details` become members of the answer. */
export const refuse = (
  code: ProblemCode,
  details?: Record<string, unknown>,
  options?: { readonly cause: unknown },
): Refusal<ProblemCode> => new Refusal(code, details, options);
