import { Refused } from '../../api/client.ts';
import { sentenceOf } from '../../design/fault.tsx';
import { say } from './texts.ts';

/** What browsers throw where they end a ceremony (WebAuthn §5.1.3, §5.1.4), or the error of the library around it. */
interface Thrown {
  readonly name: string;
  readonly code?: unknown;
  readonly cause?: { readonly name?: string } | undefined;
}

const { failures } = say;
/** By name of the exception. `NotAllowedError` is said alike of cancelling, of time that ran out, and of no such key. */
const SENTENCES: Readonly<Record<string, string>> = {
  NotAllowedError: failures.stopped,
  AbortError: failures.stopped,
  InvalidStateError: failures.registered,
  ConstraintError: failures.noVerification,
  NotSupportedError: failures.unsupported,
  SecurityError: failures.otherPlace,
  UnknownError: failures.device,
  OperationError: failures.device,
};

const isThrown = (error: unknown): error is Thrown => error instanceof Error;

/** The name of what the browser threw. */
const nameOf = ({ name, cause }: Thrown): string => cause?.name ?? name;

/** Whether the browser ended it by itself: it wants a click first, or the person chose another way meanwhile. */
export const isStopped = (error: unknown): boolean =>
  isThrown(error) && ['NotAllowedError', 'AbortError'].includes(nameOf(error));

/** What a person is told where a ceremony came to nothing. */
export function failureOf(error: unknown): string {
  const sentence = isThrown(error) ? SENTENCES[nameOf(error)] : undefined;
  if (sentence !== undefined) return sentence;
  if (!(error instanceof Refused)) return sentenceOf(error);
  const { code, attemptsLeft } = error.problem;
  if (attemptsLeft === 0 || ['not-found', 'challenge-expired', 'challenge-closed'].includes(code))
    return failures.over;
  if (code === 'code-rejected') return failures.refused;
  return code === 'already-exists' ? failures.registered : sentenceOf(error);
}

/** Whether this browser knows of security keys and passkeys at all. */
export const isSupported = (): boolean => typeof PublicKeyCredential === 'function';
