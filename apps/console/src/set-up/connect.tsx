import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Schemas } from '../api/client.ts';
import { methodOf } from '../methods/index.ts';
import type { Method } from '../methods/method.ts';
import type { Session } from '../signed-in.tsx';
import { texts } from '../texts/index.ts';
import { Head } from './head.tsx';

type Way = Method & Required<Pick<Method, 'setUp'>>;

/** The method that is added: chosen where there are several, and set up as it takes. */
export function Connect({
  session: { domain, userId, login = userId },
  enrollable,
  isAdding,
  note,
  onDone,
}: {
  readonly session: Session;
  readonly enrollable: Schemas['Security']['enrollable'];
  /** There is another one already. */
  readonly isAdding: boolean;
  /** What the person should know first. */
  readonly note: string | undefined;
  readonly onDone: () => void;
}) {
  const [chosen, choose] = useChosen();
  const ways = enrollable.map(methodOf).filter((method): method is Way => method?.setUp !== undefined);
  const way = ways.find(({ type }) => type === chosen) ?? (ways.length === 1 ? ways[0] : undefined);
  const warning = note !== undefined && (
    <div className="banner warn" role="status">
      <p>{note}</p>
    </div>
  );
  if (!way)
    return (
      <>
        <Choices ways={ways} isAdding={isAdding} onChoose={(type) => choose(type)} />
        {warning}
      </>
    );
  const { title, lead, Form } = way.setUp;
  return (
    <>
      <Head key={way.type} title={title} lead={lead} takesFocus={chosen !== undefined} />
      {warning}
      <Form
        domain={domain}
        userId={userId}
        login={login}
        onDone={() => {
          choose(undefined, 'replace');
          onDone();
        }}
      />
      {(ways.length > 1 || isAdding) && (
        <div className="actions">
          {ways.length > 1 && (
            <button className="btn plain small" type="button" onClick={() => choose(undefined)}>
              {texts.setUp.another}
            </button>
          )}
          {isAdding && (
            <a className="btn plain small" href="/security">
              {texts.common.cancel}
            </a>
          )}
        </div>
      )}
    </>
  );
}

const inAddress = () => new URLSearchParams(location.search).get('method') ?? undefined;

/** Which method was chosen stands in the address: it survives a reload, and the way back leads back to the choice. */
function useChosen() {
  const [chosen, setChosen] = useState(inAddress);
  useEffect(() => {
    const follow = () => setChosen(inAddress());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const choose = (type: string | undefined, how: 'push' | 'replace' = 'push') => {
    const url = new URL(location.href);
    if (type === undefined) url.searchParams.delete('method');
    else url.searchParams.set('method', type);
    history[`${how}State`](null, '', url);
    setChosen(type);
  };
  return [chosen, choose] as const;
}

/** Each with what it takes; the strongest first. */
function Choices({
  ways,
  isAdding,
  onChoose,
}: {
  readonly ways: readonly Way[];
  readonly isAdding: boolean;
  readonly onChoose: (type: string) => void;
}) {
  const { setUp, security } = texts;
  const title = isAdding ? setUp.addMethod : setUp.choose;
  if (ways.length === 0)
    return (
      <>
        <Head title={title} lead={setUp.nothing} />
        <div>
          <a className="btn" href="/security">
            {security.title}
          </a>
        </div>
      </>
    );
  return (
    <>
      <Head title={title} lead={setUp.chooseText} />
      <ul className="rows">
        {ways.map(({ type, name, Icon, setUp: { choose } }) => (
          <li key={type}>
            <button className="row row-link" type="button" onClick={() => onChoose(type)}>
              <span className="lead">
                <Icon className="icon" aria-hidden="true" />
              </span>
              <span className="text">
                <span className="name">{name}</span>
                <span className="facts">{choose}</span>
              </span>
              <ChevronRight className="icon icon-s chevron" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
