import { spoken } from '../texts/spoken.ts';
import { Fault, sentenceOf } from './fault.tsx';

const say = spoken({
  en: { more: 'Show more', busy: 'Loading…', end: 'That is all.' },
  nl: { more: 'Meer laten zien', busy: 'Bezig met laden…', end: 'Dat is alles.' },
});

/** The end of a list: the next page of it, or that there is none. */
export const More = ({
  of: { hasNextPage, isFetchingNextPage, isFetchNextPageError, error, fetchNextPage },
}: {
  readonly of: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly isFetchNextPageError: boolean;
    readonly error: Error | null;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}) => (
  <div className="table-foot">
    {!hasNextPage && <p>{say.end}</p>}
    {isFetchNextPageError && <Fault id="more">{sentenceOf(error)}</Fault>}
    {hasNextPage && (
      <button
        className="btn small"
        type="button"
        aria-disabled={isFetchingNextPage}
        onClick={() => void (isFetchingNextPage || fetchNextPage())}
      >
        {isFetchingNextPage ? say.busy : say.more}
      </button>
    )}
  </div>
);
