import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts/index.ts';
import { Fault, sentenceOf } from './fault.tsx';

/** What was read, or why it was not; while it is under way nothing for a moment, and then ghosts. */
export function Loaded<T>({
  of: { data, error, refetch },
  ghosts = 6,
  children,
}: {
  readonly of: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  /** How many lines it will have, about. */
  readonly ghosts?: number;
  readonly children: (data: T) => ReactNode;
}) {
  if (data !== undefined)
    return (
      <>
        {error !== null && <Fault id="stale">{sentenceOf(error)}</Fault>}
        {children(data)}
      </>
    );
  if (error !== null)
    return (
      <div className="stack">
        <Fault id="not-loaded">{sentenceOf(error)}</Fault>
        <div>
          <button className="btn" type="button" onClick={() => void refetch()}>
            {texts.common.tryAgain}
          </button>
        </div>
      </div>
    );
  return (
    <div className="ghosts" role="status" aria-label={texts.common.loading}>
      {Array.from({ length: ghosts }, (_, n) => (
        <span key={n} className="ghost" />
      ))}
    </div>
  );
}
