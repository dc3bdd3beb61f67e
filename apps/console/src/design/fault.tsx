import { CircleAlert } from 'lucide-react';
import { Refused } from '../api/client.ts';
import { clockTime, texts } from '../texts/index.ts';

/** What a person is told of a refusal that no page has words of its own for. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Refused)) {
    console.error(error); // eslint-disable-line no-console -- a fault of ours, for whoever looks
    return texts.faults.unknown('0');
  }
  const { code, retryAfter = 0, requestId = code } = error.problem;
  const { faults } = texts;
  if (code === 'offline') return faults.offline;
  if (code === 'locked' && retryAfter < 60) return faults.lockedBriefly(Math.max(1, retryAfter));
  if (code === 'locked') return faults.locked(clockTime(new Date(Date.now() + retryAfter * 1_000)));
  if (code === 'validation-failed') return faults.invalid;
  if (code === 'forbidden') return faults.forbidden;
  if (code === 'step-up-required') return faults.notShown;
  if (code === 'not-found') return faults.notFound;
  if (code === 'too-many-requests') return faults.tooMany;
  if (['busy', 'not-ready', 'vault-unavailable', 'clock-fault'].includes(code)) return faults.busy;
  return faults.unknown(requestId);
}

/** In the place of what is wrong, in one sentence; announced when it appears. */
export const Fault = ({ id, children }: { readonly id: string; readonly children: string | undefined }) => (
  <p className="fault" id={id} role="alert">
    {children !== undefined && (
      <>
        <CircleAlert className="icon icon-s" aria-hidden="true" />
        {children}
      </>
    )}
  </p>
);
