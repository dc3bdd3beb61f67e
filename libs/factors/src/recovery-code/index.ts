import type { CodeMethod } from '../method.ts';
import { typedCode } from '../typed-code.ts';

/** A code holds 80 random bits: its wait only slows a flood down. */
const LONGEST_WAIT_MS = 60_000;

/** One of a set of codes that a person has put by for the day on which their factors are gone. */
export const recoveryCode = {
  type: 'recovery-code',
  name: 'Recovery code',
  amr: [], // there is no value for it: the acr says it
  acr: 'code',
  strength: 0,
  purposes: ['sign-in', 're-authentication'],
  throttle: { maxMs: LONGEST_WAIT_MS },
  answerBody: { code: typedCode() },
  load: async () => (await import('./kind.ts')).recoveryCodeKind,
} as const satisfies CodeMethod;
